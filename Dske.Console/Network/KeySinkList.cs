using System.Text.Json.Serialization;

namespace Dske.Console.Network;

/// <summary>The key sinks of an encryptor, as it lists them.</summary>
/// <param name="Sinks">The sinks.</param>
internal sealed record KeySinkList([property: JsonPropertyName("sinks")] IReadOnlyList<KeySink>? Sinks);
