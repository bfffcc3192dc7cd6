namespace Dske.Protocol.Clients;

/// <summary>What became of the making or the fetching of a key.</summary>
public enum KeyOutcome
{
    /// <summary>The key is there.</summary>
    Ok,

    /// <summary>So many hubs say that nobody has the slave SAE that no key can reach it.</summary>
    SlaveSaeUnknown,

    /// <summary>So many hubs say that there is no such key, or it was delivered before.</summary>
    NotFound,

    /// <summary>So many hubs say that the key is meant for another encryptor.</summary>
    NotYours,

    /// <summary>Too few hubs answered in time, or what they sent does not make a key.</summary>
    Unavailable,

    /// <summary>The keys are there, and were kept back: who serves them did not approve. They can be asked for again.</summary>
    Withheld,

    /// <summary>The client's source of randomness has failed: it makes no keys until it is restarted.</summary>
    EntropyUnavailable,

    /// <summary>The keys that were asked for are more than <see cref="KeySizes.MaxBytesPerRequest"/> together; none was handed over.</summary>
    TooLarge,
}
