using System.Text.Json.Serialization;

namespace Dske.Cli.Courier;

/// <summary>What <c>psrd import</c> has to say of a file.</summary>
/// <param name="File">The UUID of the sealed file.</param>
/// <param name="HubName">The hub that made it.</param>
/// <param name="ClientName">The client that has read it.</param>
/// <param name="WasImported">Whether the client had read it before: its answer got lost, or another file of the bundle was refused.</param>
/// <param name="Enrols">Whether a link begins with it; otherwise it refills one. Null when the client had read it before.</param>
/// <param name="ClientOwnedBytes">How many bytes it brought for the pool that the client allocates from; null when it had read it before.</param>
/// <param name="HubOwnedBytes">How many bytes it brought for the pool that the hub allocates from; null when it had read it before.</param>
internal sealed record ImportedFile(
    Guid File,
    string HubName,
    string ClientName,
    bool WasImported = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Enrols = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ClientOwnedBytes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? HubOwnedBytes = null);
