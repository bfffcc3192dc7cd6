using Dske.Protocol.Secrets;

namespace Dske.Encryptor.Establishment;

/// <summary>Where keys go once both ends have proved that they hold them.</summary>
internal interface IKeyTaker
{
    /// <summary>The key sink that the keys are for, by its name; null for keys that are for nothing in particular.</summary>
    string? Sink { get; }

    /// <summary>Whether a key of this size is of use here.</summary>
    bool Accepts(int sizeBits);

    /// <summary>Takes keys, copying them; the originals stay the caller's. All or none.</summary>
    /// <returns>False when a key ID is known already, or nothing is taken any more.</returns>
    bool TryAdd(IReadOnlyCollection<(EstablishedKey Established, SecretBytes Key)> keys);
}
