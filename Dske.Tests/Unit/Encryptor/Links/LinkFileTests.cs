using Dske.Encryptor.Endpoints;
using Dske.Encryptor.Links;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Unit.Encryptor.Links;

[Trait("Tier", "Unit")]
public sealed class LinkFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-link-file-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void What_was_kept_is_there_again_and_for_its_owner_only()
    {
        var stored = new StoredLinks(
            [new StoredLink("sofia", new LinkRequest(RollOverSeconds: 7))], [new StoredTunnel("web", new TunnelRequest("127.0.0.1:9001", "sofia", "127.0.0.1:9002"))]);
        Assert.Null(Open().Replace(stored));
        var read = Open().Stored;
        Assert.Equal(stored.Links, read.Links);
        Assert.Equal(stored.Tunnels, read.Tunnels);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"links":[null],"tunnels":[]}""")]
    [InlineData("""{"links":[]}""")]
    [InlineData("""{"links":[],"tunnels":[],"more":1}""")]
    [InlineData("""{"links":[{"peer":"sofia","settings":null}],"tunnels":[]}""")]
    public void A_damaged_file_is_a_problem_that_names_it(string content)
    {
        File.WriteAllText(FilePath, content);
        Assert.Contains(FilePath, Assert.Throws<IOException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_kept_is_a_problem_and_changes_nothing()
    {
        var file = Open();
        _directory.Delete(recursive: true);
        Assert.Contains(FilePath, file.Replace(new StoredLinks([new StoredLink("sofia", new LinkRequest())], [])), StringComparison.Ordinal);
        Assert.Empty(file.Stored.Links);
        _directory.Create();
    }

    [Fact]
    public void Without_a_directory_nothing_is_kept()
    {
        var file = new LinkFile(Options.Create(new EncryptorStorageOptions { Directory = _directory.FullName, InMemory = true }));
        Assert.Null(file.Replace(new StoredLinks([], [])));
        Assert.Empty(_directory.EnumerateFiles());
    }

    private string FilePath => Path.Combine(_directory.FullName, LinkFile.Name);

    private LinkFile Open() => new(Options.Create(new EncryptorStorageOptions { Directory = _directory.FullName }));
}
