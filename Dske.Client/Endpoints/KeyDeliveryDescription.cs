using System.Text.Json.Nodes;
using Dske.Client.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Dske.Client.Endpoints;

/// <summary>What the framework cannot know of the key delivery routes: what each status means, examples, ranges, who calls.</summary>
internal static class KeyDeliveryDescription
{
    private const string Json = "application/json";
    private const string KeyId = "bc490419-7d60-487f-adc1-4ddcc177c139";
    private const string Container = $$"""{"keys":[{"key_ID":"{{KeyId}}","key":"wHHVxRwDJs3/bXd38GHP3oe4svTuRpZS0yCC7x4Ly+s="}]}""";

    /// <summary>Completes the description of a route.</summary>
    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var method = context.Description.RelativePath!.Split('/')[^1];
        DescribeErrors(operation, method);
        SetExample(operation.Responses!["200"].Content, method == "status" ? StatusExample : Container);
        ((OpenApiResponse)operation.Responses!["200"]).Description = method == "status" ? "What can be had." : "All keys that were asked for.";
        if (operation.RequestBody is OpenApiRequestBody body)
        {
            body.Required = method == "dec_keys";
            body.Description = method == "dec_keys" ? "The IDs of the keys." : "Which keys; may be left out altogether.";
            SetExample(body.Content, method == "dec_keys" ? $$"""{"key_IDs":[{"key_ID":"{{KeyId}}"}]}""" : """{"number":1,"size":256}""");
        }

        var keys = context.ApplicationServices.GetRequiredService<IOptions<ClientOptions>>().Value.Keys;
        foreach (var parameter in operation.Parameters!.OfType<OpenApiParameter>())
        {
            Describe(parameter, keys);
        }

        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyDeliverySchemas.CallingSae, context.Document)] = [] }];
        return Task.CompletedTask;
    }

    private static string StatusExample => """
        {"source_KME_ID":"carol","target_KME_ID":"conny","master_SAE_ID":"sam","slave_SAE_ID":"sofia","key_size":256,"stored_key_count":4096,
         "max_key_count":8192,"max_key_per_request":128,"max_key_size":16777216,"min_key_size":128,"max_SAE_ID_count":15}
        """;

    /// <summary>All errors come in the standard's format (<see cref="KeyDeliveryErrorFormat"/>), those that all routes of a node have in common too.</summary>
    private static void DescribeErrors(OpenApiOperation operation, string method)
    {
        var schema = operation.Responses!["400"].Content![Json].Schema;
        foreach (var (status, response) in operation.Responses!.Where(response => response.Key[0] is '4' or '5'))
        {
            var (description, message) = Describe(status, method);
            var error = (OpenApiResponse)response;
            error.Description = description;
            error.Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new() { Schema = schema, Example = new JsonObject { [nameof(message)] = message } },
            };
            if (status == "503")
            {
                error.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader
                    {
                        Description = "How long to wait, in seconds. Absent where waiting does not help.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                        Example = 1,
                    },
                };
            }
        }
    }

    private static (string Description, string Message) Describe(string status, string method) => (status, method) switch
    {
        ("400", "status") => ("The SAE in the path is none, the caller's own, or not registered with the network.", "a slave SAE is not registered with the network"),
        ("400", "enc_keys") => ("A value is missing, malformed or out of range, a mandatory extension is not supported, or a slave SAE is not registered with the network.", "size shall be a multiple of 8"),
        ("400", _) => ("A key ID is malformed or named twice, or one of the keys cannot be had: none is handed over then.", "one or more keys specified are not found on KME"),
        ("401", "dec_keys") => ("The caller is unknown, or is not a slave SAE of each of these keys.", "the calling SAE is not a slave SAE of this key"),
        ("401", _) => ("The caller is unknown.", "the calling SAE is not registered with this KME"),
        ("403", _) => ("The request comes from another machine without naming its caller surely, from a page of another origin, or is addressed to another host.", "The Host header does not name this node."),
        ("404", _) => ("The path names another node.", "The path names another node. This one is 'carol'."),
        ("413", _) => ("The body is too long.", "The body is larger than this route accepts."),
        ("415", _) => ("The body is not said to be JSON in UTF-8.", "Send the body as application/json."),
        _ => ("Too few hubs answered in time, or something of the KME's own failed. Nothing is handed over.", "too few hubs answered in time; try again"),
    };

    private static void Describe(OpenApiParameter parameter, KeyOptions keys)
    {
        switch (parameter.Name)
        {
            case "number":
                parameter.Description = "How many keys; default 1.";
                parameter.Example = 1;
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{keys.MaxPerRequest}", Default = 1 };
                break;
            case "size":
                parameter.Description = "The size of each key, in bits.";
                parameter.Example = 256;
                parameter.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = $"{keys.MinSize}",
                    Maximum = $"{keys.MaxSize}",
                    MultipleOf = 8,
                    Default = keys.DefaultSize,
                };
                break;
            case "key_ID":
                parameter.Description = "The key's ID, a UUID in either case of letters.";
                parameter.Required = true;
                parameter.Example = KeyId;
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
                break;
        }
    }

    private static void SetExample(IDictionary<string, OpenApiMediaType>? content, string json)
    {
        if (content?.TryGetValue(Json, out var media) == true)
        {
            media.Example = JsonNode.Parse(json);
        }
    }
}
