using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dske.Protocol.Management;

namespace Dske.Console.Network;

/// <summary>Asks a node for its health and, of hubs and clients, its management status: both at once and within a fixed time.</summary>
internal sealed class HttpNodeReader(HttpClient http, TimeProvider time) : INodeReader
{
    /// <summary>How long a node may take to answer.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>The longest answer that is read, in bytes: a hub with 100 clients and 1,000 shares stays far below.</summary>
    public const int MaxAnswerBytes = 8 * 1024 * 1024;

    private const int MaxReason = 300;
    private const long MaxBlockBytes = 1L << 40;

    /// <inheritdoc />
    public async Task<NodeReading> ReadAsync(MonitoredNode node, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var links = ReadListAsync(node.LinksUrl, EncryptorListJson.Default.SecureLinkList, static list => list.Links, static link => link is { Peer: not null, State: not null }, either.Token);
            var sinks = ReadListAsync(node.SinksUrl, EncryptorListJson.Default.KeySinkList, static list => list.Sinks, static sink => sink is { Name: not null, Peer: not null, Kind: not null }, either.Token);
            var (health, client, hub) = (
                ReadHealthAsync(node, either.Token),
                ReadStatusAsync(node, NodeKind.Client, ManagementJsonContext.Default.ClientReport, either.Token),
                ReadStatusAsync(node, NodeKind.Hub, ManagementJsonContext.Default.HubReport, either.Token));
            await Task.WhenAll(health, client, hub, links, sinks);
            var reading = await health with { Client = await client, Hub = await hub, SecureLinks = await links, KeySinks = await sinks };
            return node.StatusUrl is not null && reading is { Health: NodeHealth.Ready, Client: null, Hub: null }
                ? reading with { Health = NodeHealth.NotReady, Reason = "It does not report its links." }
                : reading;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new NodeReading(node, NodeHealth.Down, $"It has not answered within {Timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException)
        {
            return new NodeReading(node, NodeHealth.Down, "It does not answer.");
        }
    }

    private async Task<NodeReading> ReadHealthAsync(MonitoredNode node, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(node.HealthUrl, cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return new NodeReading(node, NodeHealth.Ready, null);
        }

        var reason = answer.StatusCode == HttpStatusCode.ServiceUnavailable
            ? ReadReason(await answer.Content.ReadAsByteArrayAsync(cancellationToken))
            : $"It answers {(int)answer.StatusCode} when asked for its health.";
        return new NodeReading(node, NodeHealth.NotReady, reason);
    }

    private async Task<TReport?> ReadStatusAsync<TReport>(
        MonitoredNode node, NodeKind kind, JsonTypeInfo<TReport> type, CancellationToken cancellationToken)
        where TReport : class
    {
        if (node.Kind != kind)
        {
            return null;
        }

        using var answer = await http.GetAsync(node.StatusUrl, cancellationToken);
        try
        {
            return answer.IsSuccessStatusCode ? await ReadWholeAsync(answer.Content, type, cancellationToken) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            // No report, or one in letters that nobody knows.
            return null;
        }
    }

    // Links and sinks are a node's business beside its health: one that does not list them is not worse for it.
    private async Task<IReadOnlyList<TItem>?> ReadListAsync<TList, TItem>(
        Uri? url, JsonTypeInfo<TList> type, Func<TList, IReadOnlyList<TItem>?> itemsOf, Func<TItem, bool> isWhole, CancellationToken cancellationToken)
        where TList : class
    {
        if (url is null)
        {
            return null;
        }

        try
        {
            using var answer = await http.GetAsync(url, cancellationToken);
            return answer.IsSuccessStatusCode
                && await answer.Content.ReadFromJsonAsync(type, cancellationToken) is { } list
                && itemsOf(list) is { } items
                && items.All(isWhole)
                    ? items
                    : null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    private static async Task<TReport?> ReadWholeAsync<TReport>(HttpContent content, JsonTypeInfo<TReport> type, CancellationToken cancellationToken)
        where TReport : class
        => await content.ReadFromJsonAsync(type, cancellationToken) is { } report && IsWhole(report) ? report : null;

    /// <summary>Whether everything is there that a report has: JSON may have null in its place.</summary>
    private static bool IsWhole(object report) => report switch
    {
        ClientReport client => client.EncryptorNames is { } names && names.All(static name => name is not null)
            && client.PeerHubs is { } hubs && hubs.All(static hub => hub is { HubName: not null } && IsWhole(hub.LocalPool) && IsWhole(hub.PeerPool))
            && hubs.DistinctBy(static hub => hub.HubName).Count() == hubs.Count,
        HubReport hub => hub.PeerClients is { } clients && clients.All(static client => client is { EncryptorNames: not null })
            && hub.Shares is { } shares && shares.All(static share => share is not null) && hub.Rejected is not null,
        _ => false,
    };

    // Sizes are added up: what no pool can hold is no size.
    private static bool IsWhole(PoolReport pool) => pool is { Blocks: { } blocks }
        && blocks.All(static block => block is { UnusedBytes: >= 0 and <= MaxBlockBytes, Size: >= 0 and <= MaxBlockBytes })
        && blocks.DistinctBy(static block => block.Uuid).Count() == blocks.Count;

    // {"status":"Unhealthy","checks":{"hubs":{"status":"Unhealthy","description":"…"}}}
    private static string ReadReason(byte[] body)
    {
        try
        {
            using var health = JsonDocument.Parse(body);
            var reasons = health.RootElement.GetProperty("checks").EnumerateObject()
                .Where(static check => check.Value.TryGetProperty("description", out _))
                .Select(static check => check.Value.GetProperty("description").GetString());
            return string.Join(' ', reasons) is { Length: > 0 } text ? text.Length <= MaxReason ? text : text[..MaxReason] + " …" : "It says that it is not ready.";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "It says that it is not ready.";
        }
    }
}
