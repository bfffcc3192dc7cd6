namespace Dske.Tests.Distributed;

/// <summary>Runs alone, like <see cref="DistributedNetwork"/>.</summary>
[CollectionDefinition(TlsNetwork.Collection, DisableParallelization = true)]
public sealed class EncryptedNetwork : ICollectionFixture<TlsNetwork>;
