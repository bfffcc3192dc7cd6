namespace Dske.ServiceDefaults.Startup;

/// <summary>Something that can keep a node from starting and is no setting. Asked once, when the settings are valid and before the node listens.</summary>
/// <param name="FindProblem">Looks, and says what is wrong and what to do, as one line; null when the node can start.</param>
internal sealed record StartupCheck(Func<IServiceProvider, string?> FindProblem);
