using Dske.Protocol.Errors;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>What was found under a key ID for somebody who asked. Owns its copy of the share.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Index">Which share it is; -1 when there is none.</param>
/// <param name="Value">The share; null when there is none.</param>
/// <param name="Error">Why there is none; null when there is one.</param>
internal sealed record FoundShare(Guid KeyId, int Index, SecretBytes? Value, DskeError? Error) : IDisposable
{
    /// <summary>No share, and why.</summary>
    public static FoundShare None(Guid keyId, DskeError error) => new(keyId, -1, null, error);

    /// <summary>Zeroes the share.</summary>
    public void Dispose() => Value?.Dispose();
}
