namespace Dske.Protocol.Clients;

/// <summary>What came back from a hub, as raw as it arrived: nothing of it is trusted yet.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The raw body.</param>
/// <param name="Signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
public sealed record HubResponse(int Status, ReadOnlyMemory<byte> Body, string? Signature);
