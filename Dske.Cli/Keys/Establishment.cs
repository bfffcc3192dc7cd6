namespace Dske.Cli.Keys;

/// <summary>Keys that two encryptors proved to hold, as the one that was asked tells it. The keys themselves are not told.</summary>
/// <param name="Peer">The SAE ID of the other one.</param>
/// <param name="Confirmed">Whether both proved it.</param>
/// <param name="Keys">The keys.</param>
/// <param name="ElapsedMs">How long it took, in milliseconds.</param>
internal sealed record Establishment(string Peer, bool Confirmed, IReadOnlyList<EstablishedKey> Keys, double ElapsedMs);
