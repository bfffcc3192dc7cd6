namespace Dske.Protocol.Persistence;

/// <summary>What a hub keeps besides PSRD: its instance, its clients, and the shares that wait for delivery.</summary>
/// <remarks>
/// Safe for concurrent use. Times are kept to the millisecond. Storage that fails throws an <see cref="IOException"/>, or ends the task with
/// one, that says which file, and what to do; nothing was saved then. Null arguments throw an <see cref="ArgumentNullException"/>, and saving
/// after disposal an <see cref="ObjectDisposedException"/>.
/// </remarks>
public interface IHubStateStore
{
    /// <summary>The UUID kept with this state: made with it, lost with it.</summary>
    Guid Instance { get; }

    /// <summary>The registered clients.</summary>
    IReadOnlyList<RegistrationRecord> LoadRegistrations();

    /// <summary>Saves a registration, replacing the client's earlier one. Durable when it returns.</summary>
    /// <param name="registration">The registration.</param>
    void SaveRegistration(RegistrationRecord registration);

    /// <summary>The files that couriers carry, in the order in which they were made.</summary>
    IReadOnlyList<ExportRecord> LoadExports();

    /// <summary>Saves one, replacing that of the same file. Durable when it returns.</summary>
    /// <param name="record">The file.</param>
    void SaveExport(ExportRecord record);

    /// <summary>Forgets one. Durable when it returns; one that is not there is ignored.</summary>
    /// <param name="file">The file.</param>
    void RemoveExport(Guid file);

    /// <summary>The shares that wait. Each carries its own copy of the value, which the caller disposes.</summary>
    IReadOnlyList<ShareRecord> LoadShares();

    /// <summary>
    /// Saves shares, replacing those of the same name. Durable, all of them, when the task ends; several savings at a time share one durable
    /// step. When it fails none of them is left.
    /// </summary>
    /// <param name="shares">
    /// The shares, each name once; their values stay the caller's, and are not looked at any more once the method has returned its task.
    /// </param>
    Task SaveSharesAsync(IReadOnlyList<ShareRecord> shares);

    /// <summary>
    /// Notes a new time to live, or to whom a share was delivered. May take effect a little later, also after storage failed for a while. One that
    /// is not there is ignored.
    /// </summary>
    /// <param name="share">The share, as saved before; the value is not looked at.</param>
    void UpdateShare(ShareRecord share);

    /// <summary>
    /// Erases a share for good: afterwards no byte of it is left in the files, logs included. May take effect a little later, also after
    /// storage failed for a while. One that is not there is ignored.
    /// </summary>
    /// <param name="share">The share, as saved before; the value is not looked at.</param>
    void RemoveShare(ShareRecord share);
}
