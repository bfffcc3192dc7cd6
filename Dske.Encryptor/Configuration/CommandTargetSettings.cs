using Dske.Encryptor.Sinks;

namespace Dske.Encryptor.Configuration;

/// <summary>A program that is run on each roll-over.</summary>
/// <param name="Path">The program, an absolute path.</param>
/// <param name="Arguments">Its arguments, each as it is.</param>
/// <param name="Timeout">How long it may run.</param>
internal sealed record CommandTargetSettings(string Path, IReadOnlyList<string> Arguments, TimeSpan Timeout) : TargetSettings(SinkKind.Command, Path);
