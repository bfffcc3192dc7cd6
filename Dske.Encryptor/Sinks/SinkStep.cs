namespace Dske.Encryptor.Sinks;

/// <summary>The steps of a roll-over.</summary>
internal enum SinkStep
{
    /// <summary>A fresh key is established with the peer.</summary>
    Establish,

    /// <summary>The key is handed over.</summary>
    HandOver,
}
