using System.Collections.Concurrent;
using Dske.Hub.Hosting;
using Dske.Protocol.Persistence;
using Dske.Storage;
using Dske.Tests.Distributed;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Services;
using Dske.Tests.Unit.Psrd;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Network;

/// <summary>
/// A whole network on disk, and what whoever seizes its disks finds there: nothing of the keys that were delivered, of their shares, or of the
/// PSRD that hid them.
/// </summary>
[Collection(nameof(WholeProcess))]
[Trait("Tier", "Network")]
public sealed class ErasureTests : IDisposable
{
    private const int Keys = 40;

    /// <summary>In bits.</summary>
    private const int KeySize = 4096;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dske-tests-");

    private readonly ConcurrentQueue<byte[]> _shares = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task Invariant_5_Consumed_PSRD_and_delivered_keys_are_in_no_file()
    {
        var keys = new List<byte[]>();
        Dictionary<Guid, byte[]> blocks;
        await using (var network = await LoopbackNetwork.StartAsync(data: _data.FullName, hubServices: Record))
        {
            blocks = ReadBlocks();
            for (var i = 0; i < Keys; i++)
            {
                keys.Add((await network.DeliverAsync(KeySize)).Key);
            }

            // Once the answer cannot have been lost any more, hubs forget the shares.
            await Eventually.TrueAsync(
                () => network.Hubs.All(hub => hub.Services.GetRequiredService<NodeStores<IHubStateStore>>().State.LoadShares().Count == 0), "no share is left");
        }

        var consumed = Consumed(blocks);
        var files = ReadFiles();

        // What is looked for was there: both ends had these bytes on disk.
        Assert.True(consumed.Sum(bytes => bytes.Length) > Keys * LoopbackNetwork.HubNames.Length * KeySize / 8, "Hardly any PSRD was consumed.");
        Assert.True(ReachableMemory.Holds(consumed, [.. blocks.Values]));
        Assert.True(_shares.Count >= Keys * 3 && keys.Count == Keys);

        Assert.False(ReachableMemory.Holds(consumed, files), "PSRD that was used is still on disk.");
        Assert.False(ReachableMemory.Holds(_shares, files), "A share is still on disk.");
        Assert.False(ReachableMemory.Holds(keys, files), "A key is on disk.");
    }

    private void Record(IServiceCollection services)
    {
        RecordedHubState.Install(services, _shares.Enqueue);
        services.Configure<HubOptions>(options => options.Limits = options.Limits with { RepeatWindow = TimeSpan.Zero });
    }

    /// <summary>What both ends of all links have on disk, by block. The first bytes may be used and erased already.</summary>
    private Dictionary<Guid, byte[]> ReadBlocks()
    {
        var files = Directory.GetFiles(_data.FullName, "*.psrd", SearchOption.AllDirectories).ToLookup(file => Guid.Parse(file.Split('.')[^2]));

        // Two clients with five hubs, two pools each.
        Assert.True(files.Count >= 2 * LoopbackNetwork.HubNames.Length * 2);
        return files.ToDictionary(block => block.Key, block => Read(block.First()));
    }

    private List<byte[]> Consumed(Dictionary<Guid, byte[]> blocks)
    {
        var audit = JournalAudit.Of(_data.FullName);
        Assert.Empty(audit.Violations);
        return [.. blocks.SelectMany(block => audit.TakenOf(block.Key).Select(range => block.Value[(int)range.Start..(int)range.End]))];
    }

    private object[] ReadFiles() => [.. Directory.GetFiles(_data.FullName, "*", SearchOption.AllDirectories).Select(Read)];

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
