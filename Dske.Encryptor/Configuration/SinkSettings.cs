using Dske.Encryptor.Sinks;

namespace Dske.Encryptor.Configuration;

/// <summary>Where keys go on each roll-over, checked and typed. Immutable.</summary>
/// <param name="Peer">The other end.</param>
/// <param name="Name">The sink's name, a DNS label, the same at both ends.</param>
/// <param name="Interval">How often a fresh key is established; null when that is the other end's business.</param>
/// <param name="SizeBits">The size of its keys in bits.</param>
/// <param name="Format">How a key is written down.</param>
/// <param name="Target">What it is handed to.</param>
internal sealed record SinkSettings(Peer Peer, string Name, TimeSpan? Interval, int SizeBits, KeyFormat Format, TargetSettings Target);
