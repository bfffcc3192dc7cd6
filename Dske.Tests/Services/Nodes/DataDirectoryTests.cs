using Dske.Client.Hosting;
using Dske.Hub.Hosting;
using Dske.Protocol.Secrets;
using Dske.Storage;
using Dske.Tests.Unit.Psrd;
using Dske.Tests.Unit.Storage;

namespace Dske.Tests.Services.Nodes;

/// <summary>
/// Data directories that a node cannot use, as an operator meets them: the process ends with one line that says which file and what to do,
/// and everything that was there is there still.
/// </summary>
[Trait("Tier", "Services")]
public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public DataDirectoryTests()
    {
        var blocks = new PsrdBlocks(seed: 1, 4000, 5000);
        using var storage = HubStorage.Open(_directory.Path, SystemEntropySource.Instance);
        storage.Psrd.Add(PsrdBlocks.Pool, blocks[0], blocks.All[0].Data);
        storage.Psrd.Add(PsrdBlocks.Pool, blocks[1], blocks.All[1].Data);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_directory_that_another_node_uses_is_refused()
    {
        using var other = HubStorage.Open(_directory.Path, SystemEntropySource.Instance);

        await AssertRefusedAsync(_directory.Path, "is in use", "stop the other process, or give this node a directory of its own");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task A_damaged_database_is_refused(int position)
    {
        var whole = Replace("psrd.db", content => [.. content[..position], .. Enumerable.Repeat((byte)0xA5, 512), .. content[(position + 512)..]]);

        await AssertRefusedAsync(_directory["psrd.db"], "database", "Put back the whole data directory as it was, or delete it");
        await PutBackAsync("psrd.db", whole);
    }

    [Fact]
    public async Task A_database_that_was_cut_off_is_refused()
    {
        var whole = Replace("psrd.db", content => content[..50]);

        await AssertRefusedAsync(_directory["psrd.db"], "cut off", "Put back the whole data directory as it was, or delete it");
        await PutBackAsync("psrd.db", whole);
    }

    [Fact]
    public async Task A_database_that_is_missing_is_not_replaced_by_an_empty_one()
    {
        var whole = await File.ReadAllBytesAsync(_directory["psrd.db"], TestContext.Current.CancellationToken);
        File.Delete(_directory["psrd.db"]);

        await AssertRefusedAsync(_directory["psrd.db"], "The database is missing", "Put it back as it was, or delete the whole data directory");
        Assert.False(File.Exists(_directory["psrd.db"]));
        await PutBackAsync("psrd.db", whole);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3999)]
    public async Task A_block_that_was_cut_off_is_refused(int length)
    {
        var file = Directory.GetFiles(_directory["blocks"]).Single(file => new FileInfo(file).Length == 4000);
        var name = Path.GetRelativePath(_directory.Path, file);
        var whole = Replace(name, content => content[..length]);

        await AssertRefusedAsync(file, $"has {length} bytes instead of 4000", "Put back the whole data directory as it was, or delete it");
        await PutBackAsync(name, whole);
    }

    [Fact]
    public async Task A_block_that_is_missing_is_refused()
    {
        var file = Directory.GetFiles(_directory["blocks"])[0];
        var whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        File.Delete(file);

        await AssertRefusedAsync(file, "The file of a block is missing", "Put back the whole data directory as it was, or delete it");
        await PutBackAsync(Path.GetRelativePath(_directory.Path, file), whole);
    }

    [Fact]
    public async Task A_directory_of_another_kind_of_node_is_refused()
    {
        var result = await NodeProcess.RunAsync(
            typeof(ClientOptions),
            "--Dske:Client:Name=carol",
            "--Dske:Client:Hubs:0:Name=hank",
            "--Dske:Client:Hubs:0:Url=http://127.0.0.1:1",
            "--Dske:Client:Hubs:1:Name=helen",
            "--Dske:Client:Hubs:1:Url=http://127.0.0.1:1",
            "--Dske:Client:Threshold=2",
            $"--Dske:Storage:Directory={_directory.Path}");

        AssertRefusal(result, _directory.Path, "belongs to a hub, this node is a client", "Give each node a directory of its own");
        AssertWhole();
    }

    [Fact]
    public async Task A_directory_that_may_not_be_written_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Needs a superuser on Linux, who can give up rights.");
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "setpriv is not here.");
        var before = _directory.ReadFiles();

        var result = await NodeProcess.RunAsync(typeof(HubOptions), asNobody: true, HubArguments());

        Assert.SkipWhen(result.ExitCode is not (0 or 1), $"Nobody else may run the nodes here: {result.Errors}");
        AssertRefusal(result, _directory.Path, "may not be read or written", "ownership");
        Assert.Equal(before.Select(file => (file.Name, Convert.ToHexString(file.Content))), _directory.ReadFiles().Select(file => (file.Name, Convert.ToHexString(file.Content))));
        AssertWhole();
    }

    [Fact]
    public async Task A_directory_whose_place_is_taken_by_a_file_is_refused()
    {
        var file = _directory["state.db"];

        var result = await NodeProcess.RunAsync(typeof(HubOptions), HubArguments(file));

        AssertRefusal(result, file, "", "");
        AssertWhole();
    }

    private string[] HubArguments(string? directory = null) =>
    [
        "--Dske:Hub:Name=hank",
        "--Dske:Hub:Hubs:0=hank",
        "--Dske:Hub:Hubs:1=helen",
        "--Dske:Hub:Threshold=2",
        "--Dske:Hub:OutOfBand:Mode=open",
        $"--Dske:Storage:Directory={directory ?? _directory.Path}",
    ];

    private async Task AssertRefusedAsync(string file, string problem, string remedy)
        => AssertRefusal(await NodeProcess.RunAsync(typeof(HubOptions), HubArguments()), file, problem, remedy);

    private static void AssertRefusal((int ExitCode, string Output, string Errors) result, string file, string problem, string remedy)
    {
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        var line = Assert.Single(result.Errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith(file, line, StringComparison.Ordinal);
        Assert.Contains(problem, line, StringComparison.Ordinal);
        Assert.Contains(remedy, line, StringComparison.Ordinal);
    }

    /// <summary>Replaces the content of a file.</summary>
    /// <returns>What it was.</returns>
    private byte[] Replace(string name, Func<byte[], byte[]> change)
    {
        var whole = File.ReadAllBytes(_directory[name]);
        File.WriteAllBytes(_directory[name], change(whole));
        return whole;
    }

    /// <summary>Does as the operator was told, after which nothing is missing.</summary>
    private async Task PutBackAsync(string name, byte[] content)
    {
        await File.WriteAllBytesAsync(_directory[name], content, TestContext.Current.CancellationToken);
        AssertWhole();
    }

    private void AssertWhole()
    {
        using var storage = HubStorage.Open(_directory.Path, SystemEntropySource.Instance);
        var blocks = new PsrdBlocks(seed: 1, 4000, 5000);
        var held = storage.Psrd.Open(PsrdBlocks.Pool);
        Assert.Equal(2, held.Count);
        foreach (var (block, (id, data)) in held.Zip(blocks.All))
        {
            var content = new byte[data.Length];
            block.Peek(0, content);
            Assert.Equal((id, Convert.ToHexString(data)), (block.Id, Convert.ToHexString(content)));
        }
    }
}
