using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;

namespace Dske.Benchmarks.Load;

/// <summary>Between whom keys are made: an SAE that gets them from its KME, and one that gets the same from its own.</summary>
/// <param name="Master">The SAE that asks for fresh keys.</param>
/// <param name="MasterKme">The master's KME: what stands before <see cref="KeyDeliveryPath.Standard"/>.</param>
/// <param name="Slave">The SAE that asks for the keys by their IDs.</param>
/// <param name="SlaveKme">The slave's KME, likewise.</param>
internal sealed record KeyRoute(SaeId Master, Uri MasterKme, SaeId Slave, Uri SlaveKme)
{
    /// <summary>Where the master gets fresh keys for the slave.</summary>
    /// <param name="query">The query without its question mark; empty for none.</param>
    public Uri FreshKeys(string query) => Operation(MasterKme, Slave, "enc_keys", query);

    /// <summary>Where the slave gets the keys that the master got.</summary>
    /// <param name="query">The query without its question mark; empty for none.</param>
    public Uri KnownKeys(string query) => Operation(SlaveKme, Master, "dec_keys", query);

    /// <summary>Says who with whom: <c>sam:sofia</c>.</summary>
    public override string ToString() => $"{Master}:{Slave}";

    private static Uri Operation(Uri kme, SaeId other, string operation, string query) =>
        new($"{kme.AbsoluteUri.TrimEnd('/')}{KeyDeliveryPath.Standard}/{Uri.EscapeDataString(other.Value)}/{operation}{(query.Length == 0 ? "" : "?")}{query}");
}
