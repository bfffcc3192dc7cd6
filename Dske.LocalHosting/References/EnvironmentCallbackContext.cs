namespace Dske.LocalHosting;

/// <summary>Collects the environment variables of a resource, each time that it starts.</summary>
/// <param name="environmentVariables">The variables so far.</param>
public class EnvironmentCallbackContext(Dictionary<string, object> environmentVariables)
{
    /// <summary>Variable names and values; a value is a string or an <see cref="IValueProvider"/>.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables;
}
