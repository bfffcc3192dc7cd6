namespace Dske.Tests.Distributed.Sinks;

/// <summary>Tests with real equipment have the machine for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealEquipment
{
    public const string Name = "Real equipment";
}
