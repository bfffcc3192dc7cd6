using System.Text.Json.Serialization;

namespace Dske.Cli.Logs;

/// <summary>What <c>logs</c> writes for programs: a string of JSON a line.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class LogsJson : JsonSerializerContext;
