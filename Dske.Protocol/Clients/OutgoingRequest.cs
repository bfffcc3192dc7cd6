namespace Dske.Protocol.Clients;

/// <summary>
/// An in-band request, ready to be sent once. From the moment it is handed to a transport the PSRD it names is spent, whatever becomes
/// of it: it is never sent again. Holds no secret.
/// </summary>
/// <param name="IsPost">POST when true, GET otherwise.</param>
/// <param name="Query">The raw query, without '?'; may be empty.</param>
/// <param name="Body">The raw JSON body of a POST; empty for a GET.</param>
/// <param name="Signature">The value of <c>DSKE-Signature</c>.</param>
/// <param name="Resource">The last part of the path: <see cref="KeyShare"/> or <see cref="Sync"/>.</param>
public sealed record OutgoingRequest(
    bool IsPost, string Query, ReadOnlyMemory<byte> Body, string Signature, string Resource = OutgoingRequest.KeyShare)
{
    /// <summary>Shares.</summary>
    public const string KeyShare = "key-share";

    /// <summary>The agreement of both ends on blocks and positions.</summary>
    public const string Sync = "sync";
}
