using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dske.Encryptor.Endpoints;

/// <summary>Examples for the API page, of the shape that a running network gives.</summary>
internal static class Examples
{
    private const string Json = "application/json";
    private const string Link =
        """
        {"peer":"sofia","configured":true,"role":"initiator","cipher":"aes-256-gcm","state":"up","epoch":3,"key_age_seconds":12.5,
         "next_roll_over_seconds":47.5,"roll_overs":3,"failures":0,"streams":2,"sent_bytes":1048576,"received_bytes":2048,"pauses":0,"rejected":{},
         "roll_over_seconds":60,"roll_over_bytes":68719476736,"max_key_age_seconds":3600,"pad_bytes":1048576}
        """;

    private const string Tunnel =
        """
        {"name":"web","listen":"127.0.0.1:9001","peer":"sofia","target":"127.0.0.1:9002","listening":true,"open_connections":2,"connections":17,"failed_connections":0}
        """;

    private const string KeyId = "bc490419-7d60-487f-adc1-4ddcc177c139";

    public static Task OfEstablishment(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ending)
    {
        SetRequest(operation, """{"peer":"sofia","size":256,"number":1}""");
        SetResponse(operation, $$"""
            {"peer":"sofia","confirmed":true,
             "keys":[{"key_ID":"{{KeyId}}","size":256,"fingerprint":"3f9a01c7","confirmed":true}],"elapsed_ms":12.5}
            """);
        return Task.CompletedTask;
    }

    public static Task OfOffer(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ending)
    {
        const string Proof = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        SetRequest(operation, $$"""{"initiator":"sam","keys":[{"key_ID":"{{KeyId}}","proof":"{{Proof}}"}]}""");
        SetResponse(operation, $$"""{"keys":[{"key_ID":"{{KeyId}}","proof":"{{Proof}}","fingerprint":"3f9a01c7"}]}""");
        return Task.CompletedTask;
    }

    public static Task OfSinks(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ending)
    {
        SetResponse(operation, $$"""
            {"sinks":[{"name":"wg0","peer":"sofia","kind":"command","size":256,"interval_s":120,"key_ID":"{{KeyId}}","fingerprint":"3f9a01c7",
             "rolled_over_at":"2026-01-05T09:30:00Z","waiting_key_ID":null,"next_at":"2026-01-05T09:32:00Z","rollovers":17,"failures":0,"last_error":null}]}
            """);
        return Task.CompletedTask;
    }

    public static Task OfLink(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ending)
    {
        SetRequest(operation, """{"cipher":"aes-256-gcm","roll_over_seconds":60,"max_key_age_seconds":3600}""");
        SetResponse(operation, Link);
        return Task.CompletedTask;
    }

    public static Task OfLinks(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ending)
    {
        SetResponse(operation, $$"""{"links":[{{Link}}]}""");
        return Task.CompletedTask;
    }

    public static Task OfTunnel(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ending)
    {
        SetRequest(operation, """{"listen":"127.0.0.1:9001","peer":"sofia","target":"127.0.0.1:9002"}""");
        SetResponse(operation, Tunnel);
        return Task.CompletedTask;
    }

    public static Task OfTunnels(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ending)
    {
        SetResponse(operation, $$"""{"tunnels":[{{Tunnel}}]}""");
        return Task.CompletedTask;
    }

    public static Task OfMessage(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ending)
    {
        SetRequest(operation, """{"text":"Meet me at the usual place."}""");
        return Task.CompletedTask;
    }

    public static Task OfMessages(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ending)
    {
        SetResponse(operation, """{"messages":[{"from":"sam","text":"Meet me at the usual place.","received_at":"2026-05-04T12:00:00+00:00"}]}""");
        return Task.CompletedTask;
    }

    private static void SetRequest(OpenApiOperation operation, string json)
    {
        if (operation.RequestBody?.Content?.TryGetValue(Json, out var body) == true && body is OpenApiMediaType media)
        {
            media.Example = JsonNode.Parse(json);
        }
    }

    private static void SetResponse(OpenApiOperation operation, string json)
    {
        if (operation.Responses?.TryGetValue("200", out var response) == true
            && response.Content?.TryGetValue(Json, out var body) == true
            && body is OpenApiMediaType media)
        {
            media.Example = JsonNode.Parse(json);
        }
    }
}
