using System.Globalization;
using System.Text.Json.Nodes;
using Dske.Client.Hosting;
using Dske.Protocol.Skip;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Dske.Client.Endpoints;

/// <summary>What the API page says of the SKIP routes beyond what their handlers show: answers that are written by hand, errors, examples.</summary>
internal static class SkipDescription
{
    private const string Json = "application/json";
    private const string KeyId = "bc4904197d60487fadc14ddcc177c139";
    private const string CapabilitiesExample = """{"entropy":true,"key":true,"algorithm":"DSKE","localSystemID":"carol","remoteSystemID":["*"]}""";
    private const string Digits = "3f9a01c75e0b6d2288417ac9d5f0e1b34c6d7e8f90a1b2c3d4e5f60718293a4b";

    private static readonly Dictionary<int, string> Errors = new()
    {
        [StatusCodes.Status400BadRequest] = "A parameter is missing or cannot be, or there is no such key.",
        [StatusCodes.Status401Unauthorized] = "Over TLS: the certificate names no encryptor of this client.",
        [StatusCodes.Status403Forbidden] = "The caller is on another machine, or a browser calls for another origin's page.",
        [StatusCodes.Status404NotFound] = "There is no such path, or it names another node.",
        [StatusCodes.Status500InternalServerError] = "Something of the node's own failed; its log says what.",
        [StatusCodes.Status503ServiceUnavailable] = "Too few hubs answered in time, or the source of randomness has failed.",
    };

    private static readonly Dictionary<string, (Func<JsonNode> Example, OpenApiSchema Schema)> Parameters = new()
    {
        ["remoteSystemID"] = (static () => "conny", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$" }),
        ["keyId"] = (static () => KeyId, new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9a-fA-F]+$" }),
        ["minentropy"] = (static () => 256, new OpenApiSchema { Type = JsonSchemaType.Integer, MultipleOf = 8, Minimum = "8", Maximum = "65536", Default = 256 }),
    };

    // What the serializer knows has everything but examples.
    private static readonly Dictionary<string, JsonObject> Members = new()
    {
        [nameof(SkipCapabilities)] = JsonNode.Parse(CapabilitiesExample)!.AsObject(),
        [nameof(SkipError)] = new JsonObject { ["message"] = "remoteSystemID is missing" },
    };

    /// <summary>Gives the members of messages examples.</summary>
    public static Task DescribeMembersAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var (name, examples) in Members)
        {
            if (document.Components?.Schemas?.TryGetValue(name, out var schema) == true)
            {
                foreach (var (member, described) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
                {
                    ((OpenApiSchema)described).Examples = [examples[member]!.DeepClone()];
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The answer of <c>/capabilities</c>.</summary>
    public static void Capabilities(OpenApiOperation operation) => operation.Responses!["200"].Content![Json].Example = JsonNode.Parse(CapabilitiesExample);

    /// <summary>The answer of both ways to get a key.</summary>
    public static void Key(OpenApiOperation operation)
    {
        Answer(
            operation,
            $$"""{"keyId":"{{KeyId}}","key":"{{Digits}}"}""",
            ("keyId", Text("The key's ID, by which the other system hands out the same key: 128 bits in hexadecimal.", "^[0-9a-f]{32}$", KeyId)),
            ("key", Text("The key in hexadecimal, as long as was asked for.", "^([0-9a-f]{2})+$", Digits)));
        ((OpenApiResponse)operation.Responses!["503"]).Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["Retry-After"] = new OpenApiHeader
            {
                Description = "How long to wait, in seconds. Absent where waiting does not help.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                Example = 1,
            },
        };
    }

    /// <summary>The answer of <c>/entropy</c>.</summary>
    public static void Entropy(OpenApiOperation operation) => Answer(
        operation,
        $$"""{"randomStr":"{{Digits}}","minentropy":256}""",
        ("randomStr", Text("The random bits in hexadecimal.", "^([0-9a-f]{2})+$", Digits)),
        ("minentropy", new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "How many random bits there are.", Examples = [256] }));

    /// <summary>Declares errors, each with the body that all errors of SKIP have.</summary>
    public static TBuilder ProducesSkipErrors<TBuilder>(this TBuilder builder, params IEnumerable<int> statuses)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata([.. statuses.Select(status => new ProducesResponseTypeMetadata(status, typeof(SkipError), [Json]))]);

    /// <summary>Describes a route.</summary>
    /// <param name="route">The route, which declares 500 as <see cref="ProducesSkipErrors"/> does.</param>
    /// <param name="describe">Describes its answer.</param>
    public static void DescribedAsSkip(this RouteHandlerBuilder route, Action<OpenApiOperation> describe) => route.AddOpenApiOperationTransformer((operation, context, _) =>
    {
        describe(operation);
        var format = operation.Responses!["500"].Content;
        foreach (var (status, response) in operation.Responses.Where(response => response.Key[0] is '4' or '5'))
        {
            var error = (OpenApiResponse)response;
            error.Content = format;
            error.Description = Errors[int.Parse(status, CultureInfo.InvariantCulture)];
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (Parameters.TryGetValue(parameter.Name!, out var known))
            {
                (parameter.Example, parameter.Schema) = (known.Example(), known.Schema);
                parameter.Required |= parameter.Name == "remoteSystemID";
            }
            else if (parameter.Name == "size")
            {
                (parameter.Example, parameter.Schema) = (256, SizeOf(context.ApplicationServices.GetRequiredService<IOptions<ClientOptions>>().Value.Keys));
            }
        }

        return Task.CompletedTask;
    });

    private static void Answer(OpenApiOperation operation, string example, params (string Name, OpenApiSchema Schema)[] members)
        => operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "OK",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new OpenApiMediaType
                {
                    Example = JsonNode.Parse(example),
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = members.Select(member => member.Name).ToHashSet(),
                        Properties = members.ToDictionary(member => member.Name, member => (IOpenApiSchema)member.Schema),
                    },
                },
            },
        };

    private static OpenApiSchema SizeOf(KeyOptions keys) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = $"{keys.MinSize}",
        Maximum = $"{keys.MaxSize}",
        MultipleOf = 8,
        Default = keys.DefaultSize,
    };

    private static OpenApiSchema Text(string description, string pattern, string example)
        => new() { Type = JsonSchemaType.String, Description = description, Pattern = pattern, Examples = [example] };
}
