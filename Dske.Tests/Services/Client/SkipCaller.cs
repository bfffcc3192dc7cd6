using System.Runtime.CompilerServices;
using System.Text.Json;
using Dske.Client.Hosting;
using Dske.Tests.Conformance;

namespace Dske.Tests.Services.Client;

/// <summary>
/// An encryptor that speaks SKIP, and does not believe what is not JSON or might be kept in a cache, nor an exchange that the node's own API document
/// does not describe.
/// </summary>
internal static class SkipCaller
{
    private static readonly ConditionalWeakTable<object, Task<ApiDocument>> Documents = [];

    public static async Task<(int Status, JsonElement Body)> GetSkipAsync(this ServiceNode<ClientOptions> node, string path)
    {
        using var answer = await node.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore, $"{answer.Headers.CacheControl}");

        var (called, query) = path.Split('?') is [var before, var after] ? (before, after) : (path, "");
        var document = await Documents.GetValue(node, _ => ReadDocumentAsync(node));
        Assert.Empty(document.FindProblems("GET", called, query.Split('&').Select(parameter => parameter.Split('=')[0]), null, (int)answer.StatusCode, text));
        return ((int)answer.StatusCode, JsonElement.Parse(text));
    }

    private static async Task<ApiDocument> ReadDocumentAsync(ServiceNode<ClientOptions> node)
        => new(JsonElement.Parse(await node.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken)));

    /// <summary>Asks for a key, and gets it.</summary>
    public static async Task<(string Id, string Key)> GetSkipKeyAsync(this ServiceNode<ClientOptions> node, string path)
    {
        var (status, body) = await node.GetSkipAsync(path);
        Assert.True(status == 200, $"{status} {body}");
        Assert.Equal(["keyId", "key"], body.EnumerateObject().Select(member => member.Name));
        return (body.GetProperty("keyId").GetString()!, body.GetProperty("key").GetString()!);
    }

    /// <summary>Asks for what cannot be had, and gets a status and a message.</summary>
    public static async Task<string> GetSkipRefusalAsync(this ServiceNode<ClientOptions> node, string path, int status)
    {
        var (actual, body) = await node.GetSkipAsync(path);
        Assert.True(actual == status, $"{actual} {body}");
        return Assert.Single(body.EnumerateObject(), member => member.Name == "message").Value.GetString()!;
    }
}
