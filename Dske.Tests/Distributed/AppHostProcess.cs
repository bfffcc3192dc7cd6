namespace Dske.Tests.Distributed;

/// <summary>Runs alone, like <see cref="DistributedNetwork"/>, and without that network.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AppHostProcess
{
    public const string Name = "An AppHost as a process";
}
