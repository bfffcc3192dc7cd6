using System.Text.Json.Nodes;
using Dske.Client.Hosting;
using Dske.Protocol.Persistence;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Dske.Client.Endpoints;

/// <summary>
/// What the messages of ETSI GS QKD 014 look like in the API document. Written by hand: keys are no types that a serializer knows, and the
/// limits are this node's settings.
/// </summary>
internal static class KeyDeliverySchemas
{
    /// <summary>The name of the security scheme of the header.</summary>
    public const string CallingSae = "callingSae";

    private const string ClientCertificate = "clientCertificate";

    private const string KeyId = "bc490419-7d60-487f-adc1-4ddcc177c139";

    /// <summary>Puts the messages, and how callers name themselves, into the document.</summary>
    public static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var components = document.Components ??= new OpenApiComponents();
        var schemas = components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        foreach (var generated in (string[])["DeliveredKey", "SecretBytes", "RequestedKeyId", "JsonElement"])
        {
            schemas.Remove(generated);
        }

        var keys = context.ApplicationServices.GetRequiredService<IOptions<ClientOptions>>().Value.Keys;
        foreach (var (name, schema) in JsonNode.Parse(Write(keys))!.AsObject())
        {
            schemas[name] = OpenApiModelFactory.Parse<OpenApiSchema>(schema!.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out _, "json")!;
        }

        components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        components.SecuritySchemes[CallingSae] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "Authorization",
            Description = "The bare SAE ID of the caller. Without client certificates, which would say who calls, it is believed on the same machine only.",
        };
        components.SecuritySchemes[ClientCertificate] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.MutualTLS,
            Description = "Over TLS: a certificate that names the SAE ID of the caller, as a URI urn:dske:sae:…, a DNS name or its common name.",
        };
        OfferCertificates(document);
        return Task.CompletedTask;
    }

    /// <summary>Wherever a caller can name itself in the header, its certificate does as well.</summary>
    private static void OfferCertificates(OpenApiDocument document)
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values.AsEnumerable() ?? []))
        {
            if (operation.Security is { Count: > 0 } ways)
            {
                ways.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ClientCertificate, document)] = [] });
            }
        }
    }

    private static string Write(KeyOptions keys) => $$"""
        {
          "KmeStatus": {
            "type": "object",
            "description": "What this KME offers for keys of the caller and the slave SAE (clause 6.1, Status).",
            "required": ["source_KME_ID", "target_KME_ID", "master_SAE_ID", "slave_SAE_ID", "key_size", "stored_key_count", "max_key_count",
              "max_key_per_request", "max_key_size", "min_key_size", "max_SAE_ID_count"],
            "properties": {
              "source_KME_ID": {"type": "string", "description": "This KME.", "examples": ["carol"]},
              "target_KME_ID": {"type": "string", "minLength": 1, "description": "The KME of the slave SAE.", "examples": ["conny"]},
              "master_SAE_ID": {"type": "string", "description": "The calling SAE.", "examples": ["sam"]},
              "slave_SAE_ID": {"type": "string", "description": "The SAE in the path.", "examples": ["sofia"]},
              "key_size": {"type": "integer", "description": "The size of a key when a request names none, in bits.", "examples": [{{keys.DefaultSize}}]},
              "stored_key_count": {"type": "integer", "minimum": 0,
                "description": "How many keys of `key_size` could be made now: keys are made when they are asked for, from random data shared with the hubs. A client has one stock for all its SAEs.",
                "examples": [4096]},
              "max_key_count": {"type": "integer", "minimum": 0, "description": "The greatest value of `stored_key_count`, in keys.", "examples": [8192]},
              "max_key_per_request": {"type": "integer", "minimum": 1, "description": "The most keys of one request.", "examples": [{{keys.MaxPerRequest}}]},
              "max_key_size": {"type": "integer", "description": "The largest key, in bits.", "examples": [{{keys.MaxSize}}]},
              "min_key_size": {"type": "integer", "description": "The smallest key, in bits.", "examples": [{{keys.MinSize}}]},
              "max_SAE_ID_count": {"type": "integer", "minimum": 0, "description": "How many additional slave SAEs a request may name; 0 where hubs cannot deliver to several.", "examples": [15]},
              "status_extension": {"type": "object", "description": "Reserved by the standard; never sent.", "examples": [{}]}
            }
          },
          "KeyRequest": {
            "type": "object",
            "description": "What an SAE asks for (clause 6.2, Key request). Every member is optional, and null is as good as absent; members that are not listed are ignored.",
            "properties": {
              "number": {"type": ["integer", "null"], "minimum": 1, "maximum": {{keys.MaxPerRequest}}, "default": 1,
                "description": "How many keys. All together they have at most {{keys.MaxBytesPerRequest * 8L}} bits.", "examples": [1]},
              "size": {"type": ["integer", "null"], "minimum": {{keys.MinSize}}, "maximum": {{keys.MaxSize}}, "multipleOf": 8, "default": {{keys.DefaultSize}},
                "description": "The size of each key, in bits.", "examples": [256]},
              "additional_slave_SAE_IDs": {"type": ["array", "null"], "minItems": 1, "maxItems": {{ShareRecipient.Max - 1}},
                "items": {"type": "string", "minLength": 1, "maxLength": 255},
                "description": "Further SAEs that get the identical keys, besides the one in the path: at most `max_SAE_ID_count`, each once, not the caller.", "examples": [["sunny"]]},
              "extension_mandatory": {"type": ["array", "null"], "items": {"type": "object"},
                "description": "Parameters that the KME honours, or refuses the request. This one knows none.", "examples": [[{"abc_route_type": "direct"}]]},
              "extension_optional": {"type": ["array", "null"], "items": {"type": "object"},
                "description": "Parameters that the KME may ignore, as this one does.", "examples": [[{"abc_max_age": 30000}]]}
            }
          },
          "KeyIdsRequest": {
            "type": "object",
            "description": "The keys that an SAE asks for (clause 6.4, Key IDs). Members that are not listed are ignored.",
            "required": ["key_IDs"],
            "properties": {
              "key_IDs": {"type": "array", "minItems": 1, "maxItems": {{keys.MaxPerRequest}}, "description": "The keys, each once, in the order of the answer.",
                "items": {
                  "type": "object",
                  "required": ["key_ID"],
                  "properties": {
                    "key_ID": {"type": "string", "format": "uuid", "description": "The key's ID, in either case of letters.", "examples": ["{{KeyId}}"]},
                    "key_ID_extension": {"description": "Reserved by the standard; ignored.", "examples": [{}]}
                  }
                },
                "examples": [[{"key_ID": "{{KeyId}}"}]]},
              "key_IDs_extension": {"description": "Reserved by the standard; ignored.", "examples": [{}]}
            }
          },
          "KeyContainer": {
            "type": "object",
            "description": "Keys (clause 6.3, Key container). The extensions of the standard are never sent.",
            "required": ["keys"],
            "additionalProperties": false,
            "properties": {
              "keys": {"type": "array", "minItems": 1, "maxItems": {{keys.MaxPerRequest}}, "description": "As many keys as were asked for, in that order.",
                "items": {
                  "type": "object",
                  "required": ["key_ID", "key"],
                  "additionalProperties": false,
                  "properties": {
                    "key_ID": {"type": "string", "format": "uuid", "description": "The key's ID, by which the slave SAEs ask for the same key; in lower case.", "examples": ["{{KeyId}}"]},
                    "key": {"type": "string", "contentEncoding": "base64", "minLength": 8, "description": "The key: base64 (RFC 4648 section 4, padded) of size / 8 bytes.",
                      "examples": ["wHHVxRwDJs3/bXd38GHP3oe4svTuRpZS0yCC7x4Ly+s="]}
                  }
                },
                "examples": [[{"key_ID": "{{KeyId}}", "key": "wHHVxRwDJs3/bXd38GHP3oe4svTuRpZS0yCC7x4Ly+s="}]]}
            }
          },
          "KeyDeliveryError": {
            "type": "object",
            "description": "Why a request failed (clause 6.5, Error).",
            "required": ["message"],
            "additionalProperties": false,
            "properties": {
              "message": {"type": "string", "minLength": 1, "description": "What is wrong, for a person to read; the standard fixes some of the texts.",
                "examples": ["size shall be a multiple of 8"]},
              "details": {"type": "array", "items": {"type": "object"}, "description": "The extensions that are not supported; absent otherwise.",
                "examples": [[{"extension_mandatory_unsupported": "abc_route_type"}]]}
            }
          }
        }
        """;
}
