using System.Text.Json.Serialization;

namespace Dske.Cli.Topologies;

/// <summary>What <c>topology check</c> writes for programs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TopologySummary))]
internal sealed partial class TopologyJson : JsonSerializerContext;
