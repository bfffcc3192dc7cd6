namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>The power is gone. No code of ours may catch it as a failure of storage.</summary>
internal sealed class PowerLossException() : Exception("The power is gone.");
