using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Topology;

namespace Dske.Cli.Keys;

/// <summary>An SAE and where it gets its keys.</summary>
/// <param name="Sae">The SAE.</param>
/// <param name="Name">Its KME.</param>
/// <param name="Encryptor">Its encryptor in the topology, which its certificate is named for; null for a client's own SAE.</param>
/// <param name="Port">The port of the KME here; null for one that is run by someone else.</param>
/// <param name="Url">Where a KME run by someone else is; null for ours.</param>
internal sealed record Kme(SaeId Sae, NodeName Name, NodeName? Encryptor, int? Port, Uri? Url)
{
    /// <summary>The path of key delivery there.</summary>
    public string Path => Url is null ? KeyDeliveryPath.OfClient(Name) : $"{Url.AbsolutePath.TrimEnd('/')}/etsi{KeyDeliveryPath.Standard}";

    /// <summary>Finds the KME of an SAE.</summary>
    /// <param name="topology">The network.</param>
    /// <param name="text">The SAE ID as it was typed; the name of an encryptor does as well.</param>
    /// <exception cref="CommandFailure">No client of the topology serves it.</exception>
    public static Kme Find(NetworkTopology topology, string text)
    {
        var (client, encryptor) = FindEncryptor(topology, text);

        // A client's own name is an SAE of it, too.
        client ??= topology.Clients.FirstOrDefault(candidate => candidate.Name.Value == text);
        if (client is null)
        {
            var there = string.Join(", ", topology.Clients.SelectMany(candidate => candidate.Encryptors).Select(candidate => candidate.SaeId.Value));
            throw new CommandFailure(ExitCode.BadInput, $"No client of the topology has an SAE '{text}'. There are: {there}.");
        }

        int? port = PortPlan.For(topology).TryGetPort(client.Name, out var own) ? own : null;
        return new Kme(encryptor?.SaeId ?? SaeId.Parse(text), client.Name, encryptor?.Name, port, client.Url);
    }

    /// <summary>Where it is.</summary>
    /// <param name="hasTls">Whether ours speak TLS.</param>
    public Uri Address(bool hasTls) => Url is { } url
        ? new Uri(url.GetLeftPart(UriPartial.Authority))
        : new Uri($"{(hasTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://localhost:{Port}");

    // By SAE ID first: a name of one encryptor may be the SAE ID of another.
    private static (ClientDefinition? Client, EncryptorDefinition? Encryptor) FindEncryptor(NetworkTopology topology, string text)
    {
        var all = topology.Clients.SelectMany(client => client.Encryptors, (client, encryptor) => (client, encryptor)).ToList();
        var found = all.Find(pair => pair.encryptor.SaeId.Value == text);
        return found.client is null ? all.Find(pair => pair.encryptor.Name.Value == text) : found;
    }
}
