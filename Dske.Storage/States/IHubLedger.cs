using Dske.Protocol.Persistence;

namespace Dske.Storage.States;

/// <summary>A hub's registrations and shares in the database. Failures are a <see cref="StorageException"/>.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal interface IHubLedger
{
    /// <summary>The registered clients.</summary>
    IReadOnlyList<RegistrationRecord> LoadRegistrations();

    /// <summary>The shares, values encrypted.</summary>
    IReadOnlyList<ShareRow> LoadShares();

    /// <summary>Makes changes durable, all or none.</summary>
    void Commit(IReadOnlyList<HubChange> changes);
}
