using Dske.Encryptor.Sinks;

namespace Dske.Encryptor.Configuration;

/// <summary>A file that is replaced on each roll-over.</summary>
/// <param name="Path">The file, an absolute path.</param>
internal sealed record FileTargetSettings(string Path) : TargetSettings(SinkKind.File, Path);
