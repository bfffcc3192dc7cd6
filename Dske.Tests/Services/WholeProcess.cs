namespace Dske.Tests.Services;

/// <summary>
/// Tests of what all nodes of one process share, such as activity sources, whose sampling is decided by every listener together: they
/// run while no other test does.
/// </summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
