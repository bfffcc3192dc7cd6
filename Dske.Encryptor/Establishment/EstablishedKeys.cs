namespace Dske.Encryptor.Establishment;

/// <summary>Keys that both ends hold, and how long it took.</summary>
/// <param name="Keys">The keys, all confirmed.</param>
/// <param name="Elapsed">From the request to the last proof checked.</param>
internal sealed record EstablishedKeys(IReadOnlyList<EstablishedKey> Keys, TimeSpan Elapsed);
