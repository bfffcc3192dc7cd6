namespace Dske.Protocol.Errors;

/// <summary>What a <see cref="DskeError"/> looks like in an answer: its HTTP status, problem type and title (RFC 9457).</summary>
public static class DskeErrors
{
    /// <summary>What all problem types begin with.</summary>
    public const string TypePrefix = "urn:dske:error:";

    private static readonly Dictionary<string, DskeError> ByType = Enum.GetValues<DskeError>().ToDictionary(GetProblemType);

    /// <summary>The HTTP status. Always 4xx or 503: nothing that a peer sends is this end's fault.</summary>
    /// <param name="error">The error.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is not defined.</exception>
    public static int GetStatus(DskeError error) => Describe(error).Status;

    /// <summary>The short stable name, for metrics and spans: for instance <c>psrd-already-used</c>.</summary>
    /// <param name="error">The error.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is not defined.</exception>
    public static string GetName(DskeError error) => Describe(error).Name;

    /// <summary>The stable problem type, for instance <c>urn:dske:error:psrd-already-used</c>.</summary>
    /// <param name="error">The error.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is not defined.</exception>
    public static string GetProblemType(DskeError error) => TypePrefix + Describe(error).Name;

    /// <summary>One sentence for people.</summary>
    /// <param name="error">The error.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is not defined.</exception>
    public static string GetTitle(DskeError error) => Describe(error).Title;

    /// <summary>Finds the error that a problem type stands for.</summary>
    /// <param name="type">The type from an answer; may be null.</param>
    /// <param name="error">The error, when the result is true.</param>
    /// <returns>False when the type is none of ours.</returns>
    public static bool TryFromProblemType(string? type, out DskeError error)
    {
        error = default;
        return type is not null && ByType.TryGetValue(type, out error);
    }

    private static (int Status, string Name, string Title) Describe(DskeError error) => error switch
    {
        DskeError.MalformedMessage => (400, "malformed-message", "The message cannot be read."),
        DskeError.SignatureMissing => (401, "signature-missing", "The request has no DSKE-Signature header."),
        DskeError.SignatureMalformed => (400, "signature-malformed", "The DSKE-Signature header cannot be read or does not fit the message's dialect."),
        DskeError.SignatureInvalid => (403, "signature-invalid", "The signature does not fit the message."),
        DskeError.ClientNotRegistered => (400, "client-not-registered", "The client is not registered with this hub."),
        DskeError.PsrdUnknownBlock => (400, "psrd-unknown-block", "An allocation names a block that is not known here."),
        DskeError.PsrdInvalidRange => (400, "psrd-invalid-range", "An allocation is empty, reaches beyond its block or has the wrong size."),
        DskeError.PsrdAlreadyUsed => (400, "psrd-already-used", "An allocation names bytes that were used before."),
        DskeError.PsrdJumpTooFar => (400, "psrd-jump-too-far", "An allocation lies too far ahead of what was used so far."),
        DskeError.PsrdGone => (410, "psrd-gone", "The bytes that an allocation names are no longer readable here."),
        DskeError.SyncNeeded => (503, "sync-needed", "The hub has started again and waits for the client to say how far it is."),
        DskeError.SyncOutOfTurn => (409, "sync-out-of-turn", "The sync names a turn that is over."),
        DskeError.LinkSetBack => (409, "link-set-back", "The hub's storage was set back to an older copy; register anew."),
        DskeError.InstanceChanged => (409, "instance-changed", "Another instance of this client is in use; an enrolment token has to prove that this one may take its place."),
        DskeError.StorageFailed => (503, "storage-failed", "The storage failed; the log says which file."),
        DskeError.OutOfPsrd => (503, "out-of-psrd", "There is not enough pre-shared random data left."),
        DskeError.PsrdSizeOutOfRange => (400, "psrd-size-out-of-range", "The size of the block is out of range."),
        DskeError.PsrdLimitReached => (429, "psrd-limit-reached", "The client holds as much unused PSRD as one client may."),
        DskeError.EntropyUnavailable => (503, "entropy-unavailable", "The source of randomness has failed; nothing that needs it is made until the node is restarted."),
        DskeError.SaeClaimedElsewhere => (409, "sae-claimed-elsewhere", "An encryptor of this registration belongs to another client."),
        DskeError.MasterSaeNotOwned => (403, "master-sae-not-owned", "The master SAE is not registered for this client."),
        DskeError.SlaveSaeUnknown => (404, "slave-sae-unknown", "No client has registered the slave SAE."),
        DskeError.RegistrationsIncomplete => (503, "registrations-incomplete", "The hub began with nothing a moment ago; its clients are still registering."),
        DskeError.ShareIndexOutOfRange => (400, "share-index-out-of-range", "The share index is not within 0 to n-1."),
        DskeError.ShareSizeOutOfRange => (400, "share-size-out-of-range", "The share is shorter or longer than a key may be."),
        DskeError.ShareConflict => (409, "share-conflict", "Another share is stored under this key ID."),
        DskeError.ShareLimitReached => (429, "share-limit-reached", "The client has as many undelivered shares as one client may."),
        DskeError.ShareUnknown => (404, "share-unknown", "There is no share under this key ID."),
        DskeError.ShareNotYours => (403, "share-not-yours", "The share is meant for another encryptor."),
        DskeError.ShareLeftOff => (503, "share-left-off", "The answer is full without this share; ask for it in another message."),
        DskeError.TooManyClients => (503, "too-many-clients", "The hub has more clients than fit into an answer; ask for a single encryptor."),
        DskeError.ClientLimitReached => (503, "client-limit-reached", "The hub has as many clients as it may."),
        DskeError.OutOfBandOff => (403, "out-of-band-off", "This hub serves nobody out of band."),
        DskeError.EnrolmentTokenMissing => (401, "enrolment-token-missing", "The request has no enrolment token in its Authorization header."),
        DskeError.EnrolmentTokenInvalid => (401, "enrolment-token-invalid", "The enrolment token is none of this hub's."),
        DskeError.EnrolmentNotGranted => (403, "enrolment-not-granted", "The enrolment token does not cover this client or one of its encryptors."),
        DskeError.TooManyRequests => (429, "too-many-requests", "The caller asks more often than one caller may; wait a second."),
        DskeError.TooBusy => (503, "too-busy", "There is no room for the message right now."),
        DskeError.CourierFileMalformed => (400, "courier-file-malformed", "This is no couriered file that this version reads, or it asks for more memory and time than it may."),
        DskeError.CourierSecretWrong => (403, "courier-secret-wrong", "The passphrase or key does not open the file, or the beginning of the file was changed."),
        DskeError.CourierFileDamaged => (400, "courier-file-damaged", "The file ends too early, or a part of it was changed or added. Nothing of it was taken."),
        DskeError.CourierFileNotOurs => (409, "courier-file-not-ours", "The file is for another client."),
        DskeError.CourierClientInstance => (409, "courier-client-instance", "The file is for a client that has kept its state since it was made: another instance of this client, or a link that has begun anew since. Have the hub make one that begins anew."),
        DskeError.CourierHubInstance => (409, "courier-hub-instance", "The file was made by an instance of the hub that is no more: the hub has lost its state since. Have it make another file."),
        DskeError.CourierFileNotAwaited => (409, "courier-file-not-awaited", "The hub does not wait for the file (any more): it was abandoned, or the link has begun anew since."),
        DskeError.CourierHubUnreachable => (503, "courier-hub-unreachable", "The hub that made the file cannot be asked whether it still waits for it: import it when the hub can be reached."),
        DskeError.CourierFileImported => (409, "courier-file-imported", "The file was imported already. Nothing is left to do."),
        DskeError.CourierNotWanted => (409, "courier-not-wanted", "The file begins a link anew, but this client registers with the hub by itself: that is for hubs whose out-of-band routes are off."),
        DskeError.CourierNetworkDiffers => (409, "courier-network-differs", "The hub means another network: other hubs, another order or another threshold."),
        DskeError.CourierEncryptorsDiffer => (409, "courier-encryptors-differ", "The file does not name all encryptors of this client. Have the hub make another one."),
        DskeError.CourierClientForeign => (409, "courier-client-foreign", "The client is one of another implementation, which reads no couriered files."),
        DskeError.CourierFileUnknown => (404, "courier-file-unknown", "There is no such file that waits for its client."),
        DskeError.WrongNode => (404, "wrong-node", "The route names another node."),
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "Not a DSKE error."),
    };
}
