namespace Dske.Encryptor.Sinks;

/// <summary>What keys are handed to. One key at a time.</summary>
internal interface ISinkTarget
{
    /// <summary>Removes what an earlier process may have left.</summary>
    void Prepare();

    /// <summary>Hands a key over.</summary>
    /// <param name="key">The key; it stays the caller's.</param>
    /// <param name="cancellationToken">Ends it, and whatever was begun for it.</param>
    /// <returns>Why that did not work; null when it did.</returns>
    Task<SinkFailure?> HandOverAsync(SinkKey key, CancellationToken cancellationToken);
}
