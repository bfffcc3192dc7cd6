namespace Dske.ServiceDefaults.ApiPages;

/// <summary>What the API document says about a path parameter that no handler asks for. Endpoint metadata.</summary>
/// <param name="Name">The name of the parameter.</param>
/// <param name="Text">What it is.</param>
/// <param name="Example">What to fill in, so that a request can be tried at once.</param>
internal sealed record PathParameterDescription(string Name, string Text, Func<IServiceProvider, string> Example);
