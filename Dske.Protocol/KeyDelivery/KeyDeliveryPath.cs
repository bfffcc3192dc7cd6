using Dske.Protocol.Identifiers;

namespace Dske.Protocol.KeyDelivery;

/// <summary>Below which path a KME serves key delivery: <c>{base}/{SAE ID}/status</c>, <c>…/enc_keys</c>, <c>…/dec_keys</c>.</summary>
public static class KeyDeliveryPath
{
    /// <summary>The path of the standard (ETSI GS QKD 014 clause 5.1).</summary>
    public const string Standard = "/api/v1/keys";

    /// <summary>The path of the DSKE guide, which names the client so that one front can serve several.</summary>
    /// <param name="client">The client (KME).</param>
    public static string OfClient(NodeName client) => $"/client/{client}/etsi{Standard}";
}
