namespace Dske.Protocol.Clients;

/// <summary>
/// An in-band request, ready to be sent once. From the moment it is handed to a transport the PSRD it names is spent, whatever becomes
/// of it: it is never sent again. Holds no secret.
/// </summary>
/// <param name="IsPost">POST when true, GET otherwise; the path is that of <c>key-share</c> either way.</param>
/// <param name="Query">The raw query, without '?'; may be empty.</param>
/// <param name="Body">The raw JSON body of a POST; empty for a GET.</param>
/// <param name="Signature">The value of <c>DSKE-Signature</c>.</param>
public sealed record OutgoingRequest(bool IsPost, string Query, ReadOnlyMemory<byte> Body, string Signature);
