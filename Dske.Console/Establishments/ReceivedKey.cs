namespace Dske.Console.Establishments;

/// <summary>A key as far as it may be shown.</summary>
/// <param name="KeyId">Its ID.</param>
/// <param name="Size">Its size, in bits.</param>
/// <param name="Fingerprint">Its fingerprint as the encryptor reports it that was asked.</param>
/// <param name="PeerFingerprint">Its fingerprint as the other encryptor reports it; null when that one could not be asked.</param>
public sealed record ReceivedKey(string KeyId, int Size, string Fingerprint, string? PeerFingerprint);
