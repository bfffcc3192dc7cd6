namespace Dske.ServiceDefaults.Startup;

/// <summary>
/// Something that can keep a node from starting and is no setting, such as a data directory that another process uses. Register it as a
/// singleton; it is asked once, when the settings are valid and before the node listens.
/// </summary>
public interface IStartupCheck
{
    /// <summary>Looks, and opens what there is to open.</summary>
    /// <returns>What is wrong and what to do, as one line; null when the node can start.</returns>
    string? FindProblem();
}
