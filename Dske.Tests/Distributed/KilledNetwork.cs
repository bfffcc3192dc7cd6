namespace Dske.Tests.Distributed;

/// <summary>Runs alone, like <see cref="DistributedNetwork"/>.</summary>
[CollectionDefinition(JournaledNetwork.Collection, DisableParallelization = true)]
public sealed class KilledNetwork : ICollectionFixture<JournaledNetwork>;
