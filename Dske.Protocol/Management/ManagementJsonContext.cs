using System.Text.Json.Serialization;

namespace Dske.Protocol.Management;

/// <summary>Generated serializers of the management messages.</summary>
[JsonSerializable(typeof(HubReport))]
[JsonSerializable(typeof(ClientReport))]
[JsonSerializable(typeof(StopAnswer))]
[JsonSerializable(typeof(CourierExportRequest))]
[JsonSerializable(typeof(CourierExportReport))]
[JsonSerializable(typeof(CourierExportsReport))]
[JsonSerializable(typeof(CourierImportReport))]
public sealed partial class ManagementJsonContext : JsonSerializerContext;
