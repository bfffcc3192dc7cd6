namespace Dske.Cli.Keys;

/// <summary>What an encryptor is asked.</summary>
/// <param name="Peer">The SAE ID of the other one.</param>
/// <param name="Size">The size of each key, in bits.</param>
/// <param name="Number">How many keys.</param>
internal sealed record EstablishOrder(string Peer, int Size, int Number);
