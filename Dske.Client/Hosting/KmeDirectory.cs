using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Microsoft.Extensions.Options;

namespace Dske.Client.Hosting;

/// <summary>Finds the KME of an encryptor: this one, one of the configuration, or the one that the hubs agree on.</summary>
/// <remarks>Safe for concurrent use: nothing changes.</remarks>
internal sealed class KmeDirectory(ClientEngine client, IOptions<ClientOptions> options)
{
    private readonly Dictionary<SaeId, NodeName> _configured = Read(options.Value.Directory);

    /// <summary>Finds the KME of an encryptor.</summary>
    /// <param name="sae">The encryptor.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public ValueTask<SaeOwner> FindAsync(SaeId sae, CancellationToken cancellationToken)
        => !client.Owns(sae) && _configured.TryGetValue(sae, out var kme)
            ? ValueTask.FromResult(new SaeOwner(SaeOwnerKind.Known, kme))
            : client.FindOwnerAsync(sae, cancellationToken);

    private static Dictionary<SaeId, NodeName> Read(IEnumerable<DirectoryOptions> entries) => entries
        .SelectMany(entry => entry.Encryptors.Append(entry.Name!), (entry, sae) => (Sae: SaeId.Parse(sae), Kme: NodeName.Parse(entry.Name)))
        .Distinct()
        .ToDictionary(entry => entry.Sae, entry => entry.Kme);
}
