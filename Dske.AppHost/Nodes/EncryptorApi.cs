using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dske.AppHost.Nodes;

/// <summary>How an encryptor is asked to establish a key: <c>POST /encryptor/{sae}/api/v1/keys {"peer": …}</c>.</summary>
internal static partial class EncryptorApi
{
    // SAE IDs are text of any language: they are shown as they are, not as \u escapes.
    private static readonly RequestContext Json = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string KeysPath(string saeId) => $"/encryptor/{Uri.EscapeDataString(saeId)}/api/v1/keys";

    public static HttpContent KeysRequest(string peer) => JsonContent.Create(new Request(peer), Json.Request);

    /// <summary>The command that does it from a shell.</summary>
    /// <param name="encryptor">Where the encryptor listens.</param>
    /// <param name="saeId">Its SAE ID.</param>
    /// <param name="peer">The other one's.</param>
    /// <param name="connection">What curl needs to connect, each option followed by a space; empty without TLS.</param>
    public static string CurlCommand(Uri encryptor, string saeId, string peer, string connection)
    {
        var body = JsonSerializer.Serialize(new Request(peer), Json.Request).Replace("'", @"'\''", StringComparison.Ordinal);
        return $"curl {connection}-X POST {new Uri(encryptor, KeysPath(saeId)).AbsoluteUri} -H 'Content-Type: application/json' -d '{body}'";
    }

    internal sealed record Request([property: JsonPropertyName("peer")] string Peer);

    [JsonSerializable(typeof(Request))]
    private sealed partial class RequestContext : JsonSerializerContext;
}
