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
        using var source = new MemoryStream(file);
        return await client.ImportAsync(source, key);
    }

    /// <inheritdoc cref="ImportAsync(InMemoryClient, byte[], byte)" />
    public static async Task<DskeError?> ImportAsync(this InMemoryClient client, Stream file, byte key = 7)
    {
        using var secret = CourierFiles.Key(key);
        return (await client.Engine.ImportAsync(file, secret, TestContext.Current.CancellationToken)).Error;
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

    /// <summary>Two clients, carol with sam and celia with serena, that live on files alone.</summary>
    public static async Task<(InMemoryNetwork Network, InMemoryClient Carol, InMemoryClient Celia)> StartAsync(NetworkSettings? settings = null, long size = Size)
    {
        var network = new InMemoryNetwork(settings);
        var (carol, celia) = (network.AddCourieredClient("carol", "sam"), network.AddCourieredClient("celia", "serena"));
        await network.SupplyAsync(carol, size);
        await network.SupplyAsync(celia, size);
        await network.UntilUsableSoonAsync(carol, celia);
        return (network, carol, celia);
    }

    /// <summary>Lets a moment pass, and then waits until all links of clients can carry keys.</summary>
    public static async Task UntilUsableSoonAsync(this InMemoryNetwork network, params InMemoryClient[] clients)
    {
        await network.PassAsync(TimeSpan.FromSeconds(6));
        foreach (var client in clients)
        {
            await network.UntilUsableAsync(client);
        }
    }

    /// <summary>Both ends have what the files brought, but for what syncs have taken and what a start has forfeited.</summary>
    public static void AssertHas(InMemoryClient client, InMemoryHub hub, long size)
    {
        var session = client.Link(hub.Index).Session!;
        AssertAbout(size, session.ClientOwned.AvailableBytes);
        AssertAbout(size, session.HubOwned.AvailableBytes);
        var atHub = hub.Engine.GetClients().Single(entry => entry.Name == client.Name);
        Assert.All(atHub.ClientOwned.Concat(atHub.HubOwned), block => Assert.True(block.IsConfirmed));
        AssertAbout(size, atHub.HubOwned.Sum(block => block.UnusedBytes));
    }

    /// <summary>As much as that, but for what syncs have taken and what a start has forfeited.</summary>
    public static void AssertAbout(long expected, long actual) => Assert.InRange(actual, expected - 6144, expected);
}
