using System.Text.Json.Serialization;
using Dske.Cli.Network;

namespace Dske.Cli.Nodes;

/// <summary>What <c>start</c>, <c>stop</c> and <c>restart</c> write for programs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NodeState[]))]
[JsonSerializable(typeof(StartedNetwork))]
[JsonSerializable(typeof(StoppedNetwork))]
internal sealed partial class NodeResultJson : JsonSerializerContext;
