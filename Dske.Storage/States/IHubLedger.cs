using Dske.Protocol.Persistence;

namespace Dske.Storage.States;

/// <summary>A hub's registrations, and the files that it gave to couriers, in the database. Failures are a <see cref="StorageException"/>.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal interface IHubLedger
{
    /// <summary>The registered clients.</summary>
    IReadOnlyList<RegistrationRecord> LoadRegistrations();

    /// <summary>Saves a registration, replacing the client's earlier one. Durable when it returns.</summary>
    void Save(RegistrationRecord registration);

    /// <summary>The files that couriers carry, in the order in which they were made.</summary>
    IReadOnlyList<ExportRecord> LoadExports();

    /// <summary>Saves one, replacing that of the same file. Durable when it returns.</summary>
    void Save(ExportRecord export);

    /// <summary>Forgets one. Durable when it returns.</summary>
    void RemoveExport(Guid file);
}
