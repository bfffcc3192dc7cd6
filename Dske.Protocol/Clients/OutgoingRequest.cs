namespace Dske.Protocol.Clients;

/// <summary>
/// An in-band request, ready to be sent once. From the moment it is handed to a transport the PSRD it names is spent, whatever becomes
/// of it: it is never sent again. Holds no secret.
/// </summary>
/// <param name="IsPost">POST when true, GET otherwise.</param>
/// <param name="Query">The raw query, without '?'; may be empty.</param>
/// <param name="Body">The raw JSON body of a POST; empty for a GET.</param>
/// <param name="Signature">The value of <c>DSKE-Signature</c>.</param>
/// <param name="Resource">The last part of the path: <see cref="KeyShare"/>, for instance.</param>
public sealed record OutgoingRequest(
    bool IsPost, string Query, ReadOnlyMemory<byte> Body, string Signature, string Resource = OutgoingRequest.KeyShare)
{
    /// <summary>The keys that a GET of shares asks for, in the order of the answer; otherwise empty.</summary>
    public IReadOnlyList<Guid> KeyIds { get; init; } = [];

    /// <summary>A share.</summary>
    public const string KeyShare = "key-share";

    /// <summary>Shares of several keys, on native links.</summary>
    public const string KeyShares = "key-shares";

    /// <summary>Which client has which encryptor, on native links.</summary>
    public const string Encryptors = "encryptors";

    /// <summary>The agreement of both ends on blocks and positions.</summary>
    public const string Sync = "sync";
}
