using System.Text.Json.Serialization;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Management;

/// <summary>A couriered file that a hub has made and that its client has not shown to have.</summary>
public sealed record CourierExportReport
{
    /// <summary>The file's UUID.</summary>
    [JsonPropertyName("file")]
    public required Guid File { get; init; }

    /// <summary>The hub.</summary>
    [JsonPropertyName("hub_name")]
    public required string HubName { get; init; }

    /// <summary>The client that it is for.</summary>
    [JsonPropertyName("client_name")]
    public required string ClientName { get; init; }

    /// <summary>Whether a link begins with it; otherwise it refills one.</summary>
    [JsonPropertyName("enrols")]
    public required bool Enrols { get; init; }

    /// <summary>How many bytes it carries for each of the two pools.</summary>
    [JsonPropertyName("size")]
    public required long Size { get; init; }

    /// <summary>When it was made.</summary>
    [JsonPropertyName("made_at")]
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Describes a file.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="export">The file.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static CourierExportReport Of(string hub, ExportRecord export)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(export);
        return new CourierExportReport
        {
            File = export.File,
            HubName = hub,
            ClientName = export.Client.Value,
            Enrols = export.Enrols is not null,
            Size = export.Blocks.Where(block => block.Owner == PoolOwner.Client).Sum(block => block.Size),
            MadeAt = export.MadeAt,
        };
    }
}
