namespace Dske.Protocol.Errors;

/// <summary>
/// Why a hub or a client refuses a DSKE request. The status, the stable <c>type</c> and the title of each stand in one place,
/// <see cref="DskeErrors"/>.
/// </summary>
public enum DskeError
{
    /// <summary>The message cannot be read: bad JSON, a wrong type, a missing, double or unknown member, a parameter that is not ours.</summary>
    MalformedMessage,

    /// <summary>The request has no <c>DSKE-Signature</c> header.</summary>
    SignatureMissing,

    /// <summary>The <c>DSKE-Signature</c> header cannot be read, or stands twice, or its dialect is not that of the message.</summary>
    SignatureMalformed,

    /// <summary>The signature does not fit the message.</summary>
    SignatureInvalid,

    /// <summary>The client is not registered with this hub.</summary>
    ClientNotRegistered,

    /// <summary>An allocation names a block that this end does not have.</summary>
    PsrdUnknownBlock,

    /// <summary>An allocation has an empty fragment, one beyond its block, or another size than it must have.</summary>
    PsrdInvalidRange,

    /// <summary>An allocation names bytes that were used before.</summary>
    PsrdAlreadyUsed,

    /// <summary>An allocation lies too far ahead of what was used so far.</summary>
    PsrdJumpTooFar,

    /// <summary>
    /// The bytes that an allocation names are no longer readable here, so that nothing can be said of the message: it takes a sync to agree
    /// on where both ends are.
    /// </summary>
    PsrdGone,

    /// <summary>The hub has started again, and does not use the link's PSRD before the client has said how far it is.</summary>
    SyncNeeded,

    /// <summary>The sync names a turn that is over: it was delayed, or another one came first.</summary>
    SyncOutOfTurn,

    /// <summary>The client has seen PSRD used that this hub knows nothing of: the hub's storage was set back. Both begin anew at the next registration.</summary>
    LinkSetBack,

    /// <summary>Another instance of the client, or none, registers in the place of one in use, and nothing proves that it may.</summary>
    InstanceChanged,

    /// <summary>This end's storage failed.</summary>
    StorageFailed,

    /// <summary>This end has not enough PSRD left to answer.</summary>
    OutOfPsrd,

    /// <summary>The request asks for a block of a size that is out of range.</summary>
    PsrdSizeOutOfRange,

    /// <summary>The client holds as much unused PSRD as one client may.</summary>
    PsrdLimitReached,

    /// <summary>The node's source of randomness has failed: it makes no PSRD until it is restarted.</summary>
    EntropyUnavailable,

    /// <summary>The encryptor belongs to another client.</summary>
    SaeClaimedElsewhere,

    /// <summary>The client names a master SAE that it has not registered.</summary>
    MasterSaeNotOwned,

    /// <summary>No client has registered the slave SAE.</summary>
    SlaveSaeUnknown,

    /// <summary>
    /// No client has registered the slave SAE yet, but the hub began with nothing a moment ago: its clients may still be on their way.
    /// </summary>
    RegistrationsIncomplete,

    /// <summary>The share index is not within 0 to n-1.</summary>
    ShareIndexOutOfRange,

    /// <summary>The share is shorter or longer than a key may be.</summary>
    ShareSizeOutOfRange,

    /// <summary>Another share is stored under this client and key ID.</summary>
    ShareConflict,

    /// <summary>The client has as many undelivered shares here as one client may.</summary>
    ShareLimitReached,

    /// <summary>There is no share under this key ID.</summary>
    ShareUnknown,

    /// <summary>The share is meant for another encryptor or client.</summary>
    ShareNotYours,

    /// <summary>The answer to a request for several shares is full without this one: it is to be asked for in another message.</summary>
    ShareLeftOff,

    /// <summary>The hub has more clients than fit into an answer.</summary>
    TooManyClients,

    /// <summary>There are as many registered clients as a hub may have.</summary>
    ClientLimitReached,

    /// <summary>The hub serves nobody on its out-of-band routes.</summary>
    OutOfBandOff,

    /// <summary>The hub serves its out-of-band routes to whoever shows an enrolment token, and the request has none.</summary>
    EnrolmentTokenMissing,

    /// <summary>The enrolment token cannot be read, stands twice, was not made with this hub's key, or is meant for another hub.</summary>
    EnrolmentTokenInvalid,

    /// <summary>The enrolment token is that of another client, or does not cover an encryptor of the registration.</summary>
    EnrolmentNotGranted,

    /// <summary>The caller asks more often than one caller may.</summary>
    TooManyRequests,

    /// <summary>There is no room for the message right now, among all those that are not known to be authentic yet.</summary>
    TooBusy,

    /// <summary>The file is no couriered file, or of a version that is not known, or asks for a key that is too costly.</summary>
    CourierFileMalformed,

    /// <summary>The secret does not open the couriered file.</summary>
    CourierSecretWrong,

    /// <summary>The couriered file is not whole.</summary>
    CourierFileDamaged,

    /// <summary>The couriered file names another client, or a hub that this client does not have.</summary>
    CourierFileNotOurs,

    /// <summary>The couriered file names another instance of the client.</summary>
    CourierClientInstance,

    /// <summary>The couriered file names an instance of the hub that is no more.</summary>
    CourierHubInstance,

    /// <summary>The hub does not wait for the couriered file.</summary>
    CourierFileNotAwaited,

    /// <summary>The hub that made a couriered file cannot be asked whether it still waits for it.</summary>
    CourierHubUnreachable,

    /// <summary>The couriered file was imported before.</summary>
    CourierFileImported,

    /// <summary>A couriered file enrols a client that registers with the hub itself.</summary>
    CourierNotWanted,

    /// <summary>The couriered file is of a hub that means another network.</summary>
    CourierNetworkDiffers,

    /// <summary>The couriered file does not cover the encryptors of the client.</summary>
    CourierEncryptorsDiffer,

    /// <summary>A couriered file was wanted for a client of another implementation.</summary>
    CourierClientForeign,

    /// <summary>The hub has no such couriered file that waits.</summary>
    CourierFileUnknown,

    /// <summary>The route names another node.</summary>
    WrongNode,
}
