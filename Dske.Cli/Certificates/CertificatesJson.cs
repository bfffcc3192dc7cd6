using System.Text.Json.Serialization;

namespace Dske.Cli.Certificates;

/// <summary>What <c>certs</c> writes for programs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CertificateResult))]
[JsonSerializable(typeof(RevocationResult))]
internal sealed partial class CertificatesJson : JsonSerializerContext;
