using System.Net.Http.Json;
using Dske.Tests.Unit.Storage;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Network;

/// <summary>A data directory that somebody put back from a backup, as the operator of a client meets it.</summary>
[Trait("Tier", "Network")]
public sealed class OlderCopyTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dske-tests-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Invariant_1_A_client_whose_data_directory_is_an_older_copy_says_so_in_its_log_and_heals()
    {
        var carol = Path.Combine(_data.FullName, "carol");
        await EstablishAsync();
        using var copy = new TemporaryDirectory();
        CopyTo(carol, copy.Path);
        await EstablishAsync();
        Directory.Delete(carol, recursive: true);
        CopyTo(copy.Path, carol);

        var faults = await EstablishAsync();

        Assert.All(LoopbackNetwork.HubNames, hub => Assert.Contains(faults, fault => fault.Contains($"Hub {hub} has seen PSRD used", StringComparison.Ordinal)));
        Assert.Empty(await EstablishAsync());
    }

    /// <summary>Starts the network, establishes keys and stops it; returns what carol's log says went wrong.</summary>
    private async Task<IReadOnlyList<string>> EstablishAsync()
    {
        await using var network = await LoopbackNetwork.StartAsync(data: _data.FullName);
        for (var i = 0; i < 3; i++)
        {
            using var answer = await network.Sam.Client.PostAsync("/encryptor/sam/api/v1/keys", JsonContent.Create(new { peer = "sofia" }), TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        return [.. network.Carol.Log.Entries.Where(entry => entry.Level >= LogLevel.Error).Select(entry => entry.Text)];
    }

    private static void CopyTo(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
