using Dske.Protocol.Persistence;

namespace Dske.Storage.States;

/// <summary>A hub's registrations in the database. Failures are a <see cref="StorageException"/>.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal interface IHubLedger
{
    /// <summary>The registered clients.</summary>
    IReadOnlyList<RegistrationRecord> LoadRegistrations();

    /// <summary>Saves a registration, replacing the client's earlier one. Durable when it returns.</summary>
    void Save(RegistrationRecord registration);
}
