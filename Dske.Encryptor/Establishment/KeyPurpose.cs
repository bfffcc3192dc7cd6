namespace Dske.Encryptor.Establishment;

/// <summary>What proofs say a key is for.</summary>
internal static class KeyPurpose
{
    private const string SinkPrefix = "sink/";

    /// <summary><c>sink/</c> and the sink's name; null, which leaves the proof as it is without purposes, for keys that go to no sink.</summary>
    public static string? Of(IKeyTaker taker) => taker.Sink is { } sink ? SinkPrefix + sink : null;
}
