using System.Text.Json.Serialization;
using Dske.Protocol.Management;

namespace Dske.Cli.Courier;

/// <summary>What the commands of <c>psrd</c> write for programs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExportedFile[]))]
[JsonSerializable(typeof(ImportedFile[]))]
[JsonSerializable(typeof(CourierExportReport[]))]
[JsonSerializable(typeof(CourierExportReport))]
internal sealed partial class CourierJson : JsonSerializerContext;
