namespace Dske.AppHost.Nodes;

/// <summary>The console beside the network.</summary>
/// <param name="Pages">Where its pages are found once it starts.</param>
internal sealed record NetworkConsole(EndpointReference Pages);
