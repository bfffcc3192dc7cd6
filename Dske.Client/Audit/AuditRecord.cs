using Dske.Protocol.Identifiers;

namespace Dske.Client.Audit;

/// <summary>What the audit trail says of a request for keys: names, IDs and sizes, never a key.</summary>
/// <param name="Operation">What was asked for: <c>enc_keys</c>, <c>dec_keys</c> …</param>
/// <param name="Outcome">What became of it, in a word.</param>
internal sealed record AuditRecord(string Operation, string Outcome)
{
    /// <summary>The word for keys that are handed over.</summary>
    public const string Ok = "ok";

    /// <summary>Who asked; null when that is not known.</summary>
    public SaeId? Caller { get; init; }

    /// <summary>The other encryptors: the slaves of keys that are made, the master of keys that are fetched.</summary>
    public IReadOnlyList<SaeId> Others { get; init; } = [];

    /// <summary>The keys that are handed over, or were asked for by their IDs.</summary>
    public IReadOnlyList<AuditedKey> Keys { get; init; } = [];
}
