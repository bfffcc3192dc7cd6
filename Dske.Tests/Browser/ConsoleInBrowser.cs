namespace Dske.Tests.Browser;

/// <summary>Runs alone, like everything that starts a network of processes.</summary>
[CollectionDefinition(ConsoleFixture.Collection, DisableParallelization = true)]
public sealed class ConsoleInBrowser : ICollectionFixture<ConsoleFixture>;
