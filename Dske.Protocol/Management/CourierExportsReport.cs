using System.Text.Json.Serialization;

namespace Dske.Protocol.Management;

/// <summary>The couriered files of a hub that wait for their clients.</summary>
public sealed record CourierExportsReport
{
    /// <summary>The files, in the order in which they were made.</summary>
    [JsonPropertyName("exports")]
    public required IReadOnlyList<CourierExportReport> Exports { get; init; }
}
