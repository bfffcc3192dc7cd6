namespace Dske.LocalHosting;

/// <summary>Sets environment variables of a resource each time that it starts.</summary>
/// <param name="Callback">Sets them.</param>
public sealed record EnvironmentCallbackAnnotation(Action<EnvironmentCallbackContext> Callback) : IResourceAnnotation;
