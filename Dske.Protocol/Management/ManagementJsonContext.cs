using System.Text.Json.Serialization;

namespace Dske.Protocol.Management;

/// <summary>Generated serializers of the management messages.</summary>
[JsonSerializable(typeof(HubReport))]
[JsonSerializable(typeof(ClientReport))]
[JsonSerializable(typeof(StopAnswer))]
public sealed partial class ManagementJsonContext : JsonSerializerContext;
