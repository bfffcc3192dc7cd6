using Dske.Protocol.Courier;
using Dske.Protocol.Errors;

namespace Dske.Protocol.Clients;

/// <summary>What became of a couriered file.</summary>
/// <param name="Error">Why it was refused, in which case nothing changed; null when it counts.</param>
/// <param name="File">The file; null when it could not be read.</param>
/// <param name="Manifest">What it says; null when it could not be opened.</param>
/// <param name="ImportedAt">When it was imported before, with <see cref="DskeError.CourierFileImported"/>.</param>
public sealed record CourierImport(DskeError? Error, Guid? File = null, CourierManifest? Manifest = null, DateTimeOffset? ImportedAt = null);
