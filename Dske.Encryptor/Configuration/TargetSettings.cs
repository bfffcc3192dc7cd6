using Dske.Encryptor.Sinks;

namespace Dske.Encryptor.Configuration;

/// <summary>What keys are handed to.</summary>
/// <param name="Kind">Which kind it is.</param>
/// <param name="Path">The file that is written, or the program that is run: an absolute path.</param>
internal abstract record TargetSettings(SinkKind Kind, string Path);
