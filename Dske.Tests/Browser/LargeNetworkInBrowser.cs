namespace Dske.Tests.Browser;

/// <summary>Runs alone, like everything that needs the machine for itself.</summary>
[CollectionDefinition(LargeNetworkFixture.Collection, DisableParallelization = true)]
public sealed class LargeNetworkInBrowser : ICollectionFixture<LargeNetworkFixture>;
