namespace Dske.AppHost.Nodes;

/// <summary>A node that this AppHost runs.</summary>
/// <param name="Name">Its name, which is also that of its resource.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Endpoint">Where it is found once the network starts.</param>
internal sealed record NetworkNode(string Name, NodeKind Kind, EndpointReference Endpoint);
