using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Dske.AppHost.Control;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ResourceStatus[]))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ResourceControlJson : JsonSerializerContext;
