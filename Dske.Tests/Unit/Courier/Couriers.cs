using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Unit.Courier;

/// <summary>Carries files from hubs to clients of a network in memory.</summary>
internal static class Couriers
{
    public const int Size = 16 * 1024;

    /// <summary>Has a hub make a file.</summary>
    public static async Task<byte[]> ExportAsync(this InMemoryHub hub, InMemoryClient client, long size = Size, bool anew = false)
    {
        using var export = hub.Begin(client, size, anew, out var error);
        Assert.Null(error);
        using var secret = CourierFiles.Key();
        using var writer = CourierWriter.Create(export!.File, export.Manifest, secret, SystemEntropySource.Instance);
        using var file = new MemoryStream();
        await writer.WriteAsync(file, export.Read, export.Complete, TestContext.Current.CancellationToken);
        return file.ToArray();
    }

    /// <summary>Has a hub begin a file.</summary>
    public static CourierExport? Begin(this InMemoryHub hub, InMemoryClient client, long size, bool anew, out DskeError? error) => hub.Engine.BeginExport(
        new CourierOrder(client.Name.Value, [.. client.Settings.Encryptors.Select(sae => sae.Value)], size, anew), out error, TestContext.Current.CancellationToken);

    /// <summary>Brings a file to a client.</summary>
    public static async Task<DskeError?> ImportAsync(this InMemoryClient client, byte[] file, byte key = 7)
    {
        using var secret = CourierFiles.Key(key);
        using var source = new MemoryStream(file);
        return (await client.Engine.ImportAsync(source, secret, TestContext.Current.CancellationToken)).Error;
    }

    /// <summary>Brings a client a file from every hub.</summary>
    public static async Task SupplyAsync(this InMemoryNetwork network, InMemoryClient client, long size = Size, bool anew = false)
    {
        foreach (var hub in network.Hubs)
        {
            Assert.Null(await client.ImportAsync(await hub.ExportAsync(client, size, anew)));
        }
    }

    /// <summary>Waits until all links of a client can carry keys.</summary>
    public static async Task UntilUsableAsync(this InMemoryNetwork network, InMemoryClient client, params int[] hubs)
        => Assert.True(await network.PassUntilAsync(
            () => client.Engine.Links.Where(link => hubs.Length == 0 || hubs.Contains(link.Index)).All(link => link.IsUsable), TimeSpan.FromSeconds(30)));

    /// <summary>Makes a key at one client and fetches it at the other.</summary>
    public static async Task PassKeyAsync(this InMemoryClient from, string slave, InMemoryClient to, string master)
    {
        var key = await from.EstablishKeyAsync(slave);
        Assert.Equal(key.Bytes, (await to.FetchKeyAsync(master, key.Id)).Bytes);
        await from.UntilQuietAsync();
        await to.UntilQuietAsync();
    }
}
