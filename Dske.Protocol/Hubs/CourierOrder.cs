namespace Dske.Protocol.Hubs;

/// <summary>What is to travel by courier.</summary>
/// <param name="ClientName">The client, as somebody named it.</param>
/// <param name="Encryptors">Its SAE IDs besides its own name, as somebody named them: a file that enrols lets it claim them.</param>
/// <param name="Size">How many bytes, for each of the two pools.</param>
/// <param name="BeginsAnew">Whether the link is to begin anew though the client is known.</param>
public sealed record CourierOrder(string ClientName, IReadOnlyList<string> Encryptors, long Size, bool BeginsAnew);
