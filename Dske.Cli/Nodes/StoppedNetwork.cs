namespace Dske.Cli.Nodes;

/// <summary>A network that was ended.</summary>
/// <param name="ProcessId">The process that its AppHost was.</param>
/// <param name="Data">Its data directory.</param>
internal sealed record StoppedNetwork(int ProcessId, string Data);
