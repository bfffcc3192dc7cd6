using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dske.Cli.Network;
using Dske.Protocol.Management;
using Dske.Protocol.Topology;

namespace Dske.Cli.Status;

/// <summary>Asks nodes how they are, over their management routes. A node that does not answer is one of which less is known.</summary>
/// <param name="http">What to ask with.</param>
/// <param name="topology">The network, for the SAE IDs of encryptors; null where it cannot be read.</param>
internal sealed class NodeReader(HttpClient http, NetworkTopology? topology)
{
    /// <summary>Asks nodes, all at once.</summary>
    /// <param name="nodes">What the AppHost knows of them.</param>
    /// <param name="stop">Ends the calls.</param>
    public Task<NodeStatus[]> ReadAsync(IEnumerable<NodeState> nodes, CancellationToken stop) => Task.WhenAll(nodes.Select(node => ReadAsync(node, stop)));

    private async Task<NodeStatus> ReadAsync(NodeState node, CancellationToken stop)
    {
        var known = NodeStatus.Of(node);
        if (!node.Runs || node.Url is not { } url)
        {
            return known;
        }

        switch (node.Kind)
        {
            case "hub" when await GetAsync($"{url}/hub/{node.Name}/mgmt/v1/status", ManagementJsonContext.Default.HubReport, stop) is { } hub:
                return known with { Links = [.. hub.PeerClients.Select(LinkStatus.Of)], Keys = hub.Shares.Count(share => !share.Delivered) };
            case "client" when await GetAsync($"{url}/client/{node.Name}/mgmt/v1/status", ManagementJsonContext.Default.ClientReport, stop) is { } client:
                return known with { Links = [.. client.PeerHubs.Select(LinkStatus.Of)] };
            case "encryptor" when FindSae(node.Name) is { } sae:
                var api = $"{url}/encryptor/{Uri.EscapeDataString(sae)}/api/v1";
                var keys = GetAsync($"{api}/keys", StatusJson.Default.EncryptorKeys, stop);
                var links = GetAsync($"{api}/links", StatusJson.Default.EncryptorLinks, stop);
                var sinks = GetAsync($"{api}/sinks", StatusJson.Default.EncryptorSinks, stop);
                await Task.WhenAll(keys, links, sinks);
                return known with
                {
                    Keys = (await keys)?.Keys.Count,
                    SecureLinks = ThoseOf((await links)?.Links),
                    Sinks = ThoseOf((await sinks)?.Sinks),
                };
            default:
                return known;
        }
    }

    // JSON may have null in the place of an item.
    private static List<T>? ThoseOf<T>(IReadOnlyList<T>? items) => items?.Where(static item => item is not null).ToList() is { Count: > 0 } some ? some : null;

    private string? FindSae(string encryptor) => topology?.Clients
        .SelectMany(client => client.Encryptors)
        .FirstOrDefault(candidate => candidate.Name.Value == encryptor)?.SaeId.Value;

    private async Task<T?> GetAsync<T>(string url, JsonTypeInfo<T> contract, CancellationToken stop)
        where T : class
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(url), stop);
            return answer.IsSuccessStatusCode
                ? await JsonSerializer.DeserializeAsync(await answer.Content.ReadAsStreamAsync(stop), contract, stop)
                : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
