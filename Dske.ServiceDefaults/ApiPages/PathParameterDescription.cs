namespace Dske.ServiceDefaults.ApiPages;

/// <summary>What the API document says about a path parameter that no handler asks for. Endpoint metadata.</summary>
/// <param name="Name">The name of the parameter.</param>
/// <param name="Text">What it is.</param>
internal sealed record PathParameterDescription(string Name, string Text);
