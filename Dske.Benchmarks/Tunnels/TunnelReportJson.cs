using System.Text.Json.Serialization;

namespace Dske.Benchmarks.Tunnels;

/// <summary>The report as a line of JSON.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TunnelReport))]
internal sealed partial class TunnelReportJson : JsonSerializerContext;
