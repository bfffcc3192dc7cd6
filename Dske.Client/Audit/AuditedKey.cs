namespace Dske.Client.Audit;

/// <summary>A key as the audit trail names it.</summary>
/// <param name="Id">The key's ID.</param>
/// <param name="SizeBits">Its size in bits; null when nobody got it.</param>
internal readonly record struct AuditedKey(Guid Id, int? SizeBits);
