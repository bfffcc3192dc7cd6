namespace Dske.Cli.Status;

/// <summary>The key sinks that an encryptor lists.</summary>
/// <param name="Sinks">The sinks.</param>
internal sealed record EncryptorSinks(IReadOnlyList<KeySinkStatus> Sinks);
