namespace Dske.Tests.Distributed;

/// <summary>Runs alone: fifteen processes and the other tests would only slow each other down.</summary>
[CollectionDefinition(NetworkFixture.Collection, DisableParallelization = true)]
public sealed class DistributedNetwork : ICollectionFixture<NetworkFixture>;
