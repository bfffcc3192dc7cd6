using Dske.Protocol.Errors;

namespace Dske.Protocol.Hubs;

/// <summary>What a hub answers to an in-band request, ready to be sent. Holds no secret: shares leave it encrypted.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; may be empty.</param>
/// <param name="ContentType">The media type; null for an empty body.</param>
/// <param name="Signature">The value of <c>DSKE-Signature</c>; null when the answer could or should not be signed.</param>
/// <param name="Error">Why the request was refused; null when it was not.</param>
/// <param name="Fault">With <see cref="DskeError.StorageFailed"/>: what happened, for the log and not for the peer.</param>
public sealed record HubAnswer(
    int Status, ReadOnlyMemory<byte> Body, string? ContentType, string? Signature, DskeError? Error, Exception? Fault = null);
