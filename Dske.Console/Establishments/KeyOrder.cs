using Dske.Console.Network;

namespace Dske.Console.Establishments;

/// <summary>What keys are wanted.</summary>
/// <param name="Encryptor">The encryptor that is asked to establish them.</param>
/// <param name="Peer">The encryptor that it shares them with.</param>
/// <param name="Size">The size of each, in bits: 128 to 65,536, a multiple of 8.</param>
/// <param name="Number">How many: 1 to 128.</param>
public sealed record KeyOrder(MonitoredNode Encryptor, MonitoredNode Peer, int Size, int Number);
