using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Services.Encryptor;

/// <summary>
/// A test peer: a real HTTP server on loopback that delivers keys as ETSI GS QKD 014 has it, written independently of the code under
/// test, and that can be told to misbehave. One instance stands for the KMEs of both ends.
/// </summary>
internal sealed class TestKme : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Guid, (string Master, string Slave, byte[] Key)> _undelivered = new();
    private readonly ConcurrentQueue<byte[]> _keys = new();
    private readonly Random _random = new(7);
    private int _encRequests;
    private int _decRequests;

    private TestKme(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Answers instead of the KME, when it returns true.</summary>
    public Func<HttpContext, Task<bool>>? Interceptor { get; set; }

    /// <summary>Changes keys on their way out of dec_keys.</summary>
    public Action<byte[]>? Corruption { get; set; }

    public int EncRequests => _encRequests;

    public int DecRequests => _decRequests;

    /// <summary>Every key it ever made.</summary>
    public IReadOnlyCollection<byte[]> Keys => _keys;

    /// <summary>The headers of the latest request.</summary>
    public IDictionary<string, string> LatestHeaders { get; private set; } = new Dictionary<string, string>();

    public static async Task<TestKme> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var kme = new TestKme(app);
        app.Use(async (context, next) =>
        {
            kme.LatestHeaders = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString());
            if (kme.Interceptor is not { } interceptor || !await interceptor(context))
            {
                await next(context);
            }
        });
        app.UseRouting();
        app.MapGet("/health", () => "ready");
        foreach (var prefix in new[] { "/client/{client}/etsi/api/v1/keys/{sae}", "/api/v1/keys/{sae}" })
        {
            var group = app.MapGroup(prefix);
            group.MapGet("/status", (string sae, HttpContext context) => Results.Text(Status(Caller(context), Decode(sae)), "application/json"));
            group.MapGet("/enc_keys", kme.EncKeys);
            group.MapGet("/dec_keys", (string sae, HttpContext context) => kme.DecKeys(sae, context, [context.Request.Query["key_ID"].ToString()]));
            group.MapPost("/dec_keys", kme.PostDecKeysAsync);
        }

        await app.StartAsync();
        kme.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return kme;
    }

    /// <summary>Answers every key request with one status and body.</summary>
    public void Answer(HttpStatusCode status, string body, params (string Name, string Value)[] headers) => Intercept(async context =>
    {
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(body);
    });

    /// <summary>Treats requests whose path ends so in a way of the test's own; enc_keys and dec_keys unless told otherwise.</summary>
    public void Intercept(Func<HttpContext, Task> handler, string pathEnd = "_keys") => Interceptor = async context =>
    {
        if (!context.Request.Path.Value!.EndsWith(pathEnd, StringComparison.Ordinal))
        {
            return false;
        }

        await handler(context);
        return true;
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Caller(HttpContext context) => context.Request.Headers.Authorization.ToString();

    private static string Decode(string sae) => sae.Replace("%2F", "/", StringComparison.Ordinal);

    private static string Status(string master, string slave) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["source_KME_ID"] = "carol",
        ["target_KME_ID"] = "conny",
        ["master_SAE_ID"] = master,
        ["slave_SAE_ID"] = slave,
        ["key_size"] = 256,
        ["stored_key_count"] = 10,
        ["max_key_count"] = 100,
        ["max_key_per_request"] = 128,
        ["max_key_size"] = 65536,
        ["min_key_size"] = 64,
        ["max_SAE_ID_count"] = 0,
    });

    private static IResult Error(int status, string message) => Results.Json(new { message }, statusCode: status);

    private static IResult Container(IEnumerable<(Guid Id, byte[] Key)> keys) => Results.Json(new
    {
        keys = keys.Select(key => new { key_ID = key.Id.ToString(), key = Convert.ToBase64String(key.Key) }),
    });

    private IResult EncKeys(string sae, HttpContext context, int number = 1, int size = 256)
    {
        Interlocked.Increment(ref _encRequests);
        if (size % 8 != 0)
        {
            return Error(400, "size shall be a multiple of 8");
        }

        var keys = Enumerable.Range(0, number).Select(_ => Make(Caller(context), Decode(sae), size / 8)).ToList();
        return Container(keys);
    }

    private (Guid Id, byte[] Key) Make(string master, string slave, int length)
    {
        var id = new byte[16];
        var key = new byte[length];
        lock (_random)
        {
            _random.NextBytes(id);
            _random.NextBytes(key);
        }

        _keys.Enqueue(key);
        _undelivered[new Guid(id)] = (master, slave, key);
        return (new Guid(id), key);
    }

    private async Task<IResult> PostDecKeysAsync(string sae, HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        return DecKeys(sae, context, [.. body.RootElement.GetProperty("key_IDs").EnumerateArray().Select(id => id.GetProperty("key_ID").GetString()!)]);
    }

    private IResult DecKeys(string sae, HttpContext context, IReadOnlyList<string> ids)
    {
        Interlocked.Increment(ref _decRequests);
        var keys = new List<(Guid Id, byte[] Key)>();
        foreach (var text in ids)
        {
            if (!Guid.TryParse(text, out var id) || !_undelivered.TryGetValue(id, out var key) || key.Master != Decode(sae))
            {
                return Error(400, "one or more keys specified are not found on KME");
            }

            if (key.Slave != Caller(context))
            {
                return Error(401, "not among the slaves of this key");
            }

            keys.Add((id, key.Key.ToArray()));
        }

        foreach (var (id, key) in keys)
        {
            _undelivered.TryRemove(id, out _);
            Corruption?.Invoke(key);
        }

        // Not in the order they were asked for: the standard promises none.
        keys.Reverse();
        return Container(keys);
    }
}
