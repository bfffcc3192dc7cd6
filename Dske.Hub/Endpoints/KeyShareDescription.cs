using Dske.Protocol.Authentication;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dske.Hub.Endpoints;

/// <summary>
/// Describes the parameters of the in-band routes in the API document. The framework does not see them: what is signed is read as raw
/// text.
/// </summary>
internal static class KeyShareDescription
{
    private static readonly OpenApiParameter Signature = Parameter(
        SignatureHeader.Name,
        ParameterLocation.Header,
        required: true,
        "Which client-owned PSRD is the signing key, and HMAC-SHA256 over query and body: uuid:start:size[,uuid:start:size…];base64.",
        "6f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f:0:32;47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");

    private static readonly OpenApiParameter Bind = Parameter(
        "bind", ParameterLocation.Query, required: false, "1 for an answer whose signature is bound to this request. No other value.", "1");

    private static readonly OpenApiParameter Also = Parameter(
        "also", ParameterLocation.Query, required: false, "After bind=1: a further slave SAE that may fetch the key, percent-encoded. Up to 15 times.", "sunny");

    /// <summary>Adds those of POST key-share and POST key-shares.</summary>
    public static Task AddPostParametersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
        => AddAsync(operation, Signature, Bind, Also);

    /// <summary>Adds those of GET key-share.</summary>
    public static Task AddGetParametersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
        => AddAsync(
            operation,
            Parameter("client_name", ParameterLocation.Query, required: true, "The client that asks.", "celia"),
            Parameter("master_sae_id", ParameterLocation.Query, required: true, "The encryptor that made the key.", "sam"),
            Parameter("slave_sae_id", ParameterLocation.Query, required: true, "The encryptor that wants it: one of the client's.", "serena"),
            Parameter("key_id", ParameterLocation.Query, required: true, "The UUID of the key.", "6f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f"),
            Bind,
            Signature);

    /// <summary>Adds those of GET key-shares.</summary>
    public static Task AddGetSharesParametersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
        => AddAsync(
            operation,
            Parameter("client_name", ParameterLocation.Query, required: true, "The client that asks.", "celia"),
            Parameter("master_sae_id", ParameterLocation.Query, required: true, "The encryptor that made the keys.", "sam"),
            Parameter("slave_sae_id", ParameterLocation.Query, required: true, "The encryptor that wants them: one of the client's.", "serena"),
            Parameter(
                "key_ids", ParameterLocation.Query, required: true, "The UUIDs of the keys, 1 to 128, joined by commas.",
                "6f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f,7f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f"),
            Parameter("bind", ParameterLocation.Query, required: true, "1: the answer is bound to this request.", "1"),
            Signature);

    /// <summary>Adds those of GET encryptors.</summary>
    public static Task AddEncryptorsParametersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
        => AddAsync(
            operation,
            Parameter("client_name", ParameterLocation.Query, required: true, "The client that asks.", "celia"),
            Parameter("sae_id", ParameterLocation.Query, required: false, "The encryptor that is asked about; all when absent.", "sam"),
            Parameter("bind", ParameterLocation.Query, required: true, "1: the answer is bound to this request.", "1"),
            Signature);

    /// <summary>Adds those of GET sync.</summary>
    public static Task AddSyncParametersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
        => AddAsync(
            operation,
            Parameter("client_name", ParameterLocation.Query, required: true, "The client that asks.", "carol"),
            Parameter("turn", ParameterLocation.Query, required: true, "The turn that the hub named last.", "6f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f"),
            Parameter(
                "client_owned", ParameterLocation.Query, required: true,
                "The client's blocks of the client-owned pool with the next byte that it will allocate: uuid:position, joined by commas, or empty.",
                "6f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f:4096"),
            Parameter(
                "hub_owned", ParameterLocation.Query, required: true,
                "The client's blocks of the hub-owned pool with the byte after the last one that it has seen used.",
                "7f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f:4096"),
            Parameter("bind", ParameterLocation.Query, required: true, "1: the answer is bound to this request.", "1"),
            Parameter(
                "enrols", ParameterLocation.Query, required: false, "In the first sync of a link that a couriered file begins: the link, with instance.",
                "8f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f"),
            Parameter(
                "instance", ParameterLocation.Query, required: false, "With enrols: the client's instance, which the link belongs to from then on. The sync is signed under a key that is derived from the bytes that it names, the link and the instance.",
                "9f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f"),
            Signature);

    /// <summary>Adds those of GET link.</summary>
    public static Task AddLinkParametersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
        => AddAsync(
            operation,
            Parameter("client_name", ParameterLocation.Query, required: true, "The client that asks.", "carol"),
            Parameter(
                "file", ParameterLocation.Query, required: false, "A couriered file: whether the hub waits for it.", "6f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f"));

    private static Task AddAsync(OpenApiOperation operation, params OpenApiParameter[] parameters)
    {
        operation.Parameters = [.. operation.Parameters ?? [], .. parameters];
        return Task.CompletedTask;
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation location, bool required, string description, string example) => new()
    {
        Name = name,
        In = location,
        Required = required,
        Description = description,
        Example = example,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
