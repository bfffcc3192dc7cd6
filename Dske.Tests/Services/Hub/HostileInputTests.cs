using System.Net;
using System.Text;
using Dske.Protocol.Errors;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Services.Hub;

/// <summary>Whatever comes in, the answer is a clear 4xx in problem details, and nothing changes.</summary>
[Trait("Tier", "Services")]
public sealed class HostileInputTests
{
    private const string Registration = "/hub/hank/dske/oob/v1/registration";
    private const string Psrd = "/hub/hank/dske/oob/v1/psrd";
    private const string KeyShare = "/hub/hank/dske/api/v1/key-share";
    private const string Status = "/hub/hank/mgmt/v1/status";
    private const string Stop = "/hub/hank/mgmt/v1/stop";
    private const string Id = "00000000-0000-4000-8000-000000000001";

    private const string Signature =
        "00000000-0000-4000-8000-000000000002:0:32;AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static string Query { get; } = $"?client_name=carol&master_sae_id=sam&slave_sae_id=serena&key_id={Id}&bind=1";

    private static string Message { get; } = $$"""
        {"master_client_name":"carol","master_sae_id":"sam","slave_sae_id":"sara","user_key_id":"{{Id}}","share_index":0,
        "encryption_key_allocation":{"fragments":[{"block_uuid":"{{Id}}","start_byte":0,"size":4}]},"encrypted_share_value":"AAAAAA=="}
        """;

    private static IEnumerable<HostileRequest> Requests =>
    [
        .. Registrations(), .. PsrdRequests(), .. Posts(), .. Gets(), .. Syncs(), .. WrongWays(), .. WrongCallers(),
    ];

    [Fact]
    public async Task No_request_does_more_than_a_clear_4xx()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam", "sara");
        await carol.ExchangeAsync(carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "sara", new byte[32]));
        var before = await hub.GetStatusTextAsync();

        await HostileRequest.AssertAllAsync(Requests, request => request.AssertProblemAsync(hub));

        Assert.Equal(before, await hub.GetStatusTextAsync());
        Assert.Empty(hub.Log.Faults);
    }

    [Fact]
    public async Task A_registration_that_conflicts_is_refused()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam");
        var before = await hub.GetStatusTextAsync();

        await Register("""{"client_name":"celia","encryptor_names":["serena","sam"]}""", 409, "sae-claimed-elsewhere").AssertProblemAsync(hub);

        Assert.Equal(before, await hub.GetStatusTextAsync());
    }

    [Fact]
    public async Task What_a_client_calls_itself_does_not_reach_the_log_as_it_is()
    {
        await using var hub = HubNode.Start();

        await Register("""{"client_name":"carol\nERROR all is lost","encryptor_names":[]}""", 400, "malformed-message").AssertProblemAsync(hub);

        Assert.DoesNotContain(hub.Log.Entries, entry => entry.Text.Contains("\nERROR", StringComparison.Ordinal));
        Assert.Contains(hub.Log.Entries, entry => entry.Text.Contains("Registration of client", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signed_request_with_a_body_that_is_not_what_was_signed_changes_nothing()
    {
        await using var hub = HubNode.Start();
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam", "sara");
        var before = await hub.GetStatusTextAsync();
        var post = carol.Post(Guid.Parse(Id), "sam", "sara", new byte[32]);
        var get = carol.Get(Guid.Parse(Id), "sam", "sara");

        foreach (var forged in new[]
        {
            post with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(post.Body.Span).Replace("sara", "sam")) },
            post with { Query = string.Empty },
            get with { Query = get.Query.Replace("sara", "sa%72a") },
            get with { Query = get.Query.Replace("sara", "sam") },
        })
        {
            var answer = await carol.SendAsync(forged);
            Assert.Equal((403, null), (answer.Status, answer.Signature));
            Assert.Contains(DskeErrors.GetProblemType(DskeError.SignatureInvalid), Encoding.UTF8.GetString(answer.Body.Span), StringComparison.Ordinal);
        }

        Assert.Equal(before, await hub.GetStatusTextAsync());
    }

    [Theory]
    [InlineData("true")]
    [InlineData("True")]
    public async Task A_front_that_is_trusted_may_forward(string setting)
    {
        await using var hub = HubNode.Start("hank", null, ("Dske:Access:TrustFront", setting));
        using var request = new HttpRequestMessage(HttpMethod.Get, Status);
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");

        Assert.Equal(HttpStatusCode.OK, (await hub.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    private static IEnumerable<HostileRequest> Registrations()
    {
        foreach (var body in new[]
        {
            "", " ", "null", "[]", "7", "\"carol\"", "{", "{}", "{\"client_name\":\"carol\"}", "{\"encryptor_names\":[]}",
            "{\"client_name\":null,\"encryptor_names\":[]}", "{\"client_name\":7,\"encryptor_names\":[]}", "{\"client_name\":\"carol\",\"encryptor_names\":null}",
            "{\"client_name\":\"carol\",\"encryptor_names\":\"sam\"}", "{\"client_name\":\"carol\",\"encryptor_names\":[7]}",
            "{\"client_name\":\"carol\",\"encryptor_names\":[[]]}", "{\"client_name\":\"carol\",\"encryptor_names\":[],\"more\":1}",
            "{\"client_name\":\"carol\",\"client_name\":\"carol\",\"encryptor_names\":[]}", "{\"Client_Name\":\"carol\",\"encryptor_names\":[]}",
            "{\"client_name\":\"carol\",\"encryptor_names\":[]}{}", "{\"client_name\":\"carol\",\"encryptor_names\":[],}", "{\"client_name\":\"\\ud800\",\"encryptor_names\":[]}",
            new string('[', 5000),
        })
        {
            yield return Register(body, 400, "malformed-request");
        }

        foreach (var body in new[]
        {
            "{\"client_name\":\"\",\"encryptor_names\":[]}", "{\"client_name\":\"Carol\",\"encryptor_names\":[]}", "{\"client_name\":\"../carol\",\"encryptor_names\":[]}",
            "{\"client_name\":\"carol\",\"encryptor_names\":[null]}", "{\"client_name\":\"carol\",\"encryptor_names\":[\"\"]}",
            "{\"client_name\":\"carol\",\"encryptor_names\":[\"sam\\u0000\"]}", "{\"client_name\":\"carol\",\"encryptor_names\":[\"sam\",\"sam\"]}",
            "{\"client_name\":\"carol\",\"encryptor_names\":[\"" + new string('s', 256) + "\"]}",
            "{\"client_name\":\"carol\",\"encryptor_names\":[" + string.Join(',', Enumerable.Range(0, 1001).Select(i => $"\"{i}\"")) + "]}",
        })
        {
            yield return Register(body, 400, "malformed-message");
        }

        const string Good = "{\"client_name\":\"carol\",\"encryptor_names\":[]}";
        yield return Register(Good, 415, "unsupported-media-type") with { ContentType = "text/plain" };
        yield return Register(Good, 415, "unsupported-media-type") with { ContentType = null };
        yield return Register(Good, 400, "malformed-request") with { Headers = [("DSKE-Instance", "no-uuid")] };
        yield return Register(Good, 400, "malformed-request") with { Headers = [("DSKE-Instance", Id), ("DSKE-Instance", Id)] };
        yield return Register("{\"client_name\":\"" + new string('c', 1024 * 1024) + "\",\"encryptor_names\":[]}", 413, "body-too-large");
    }

    private static IEnumerable<HostileRequest> PsrdRequests()
    {
        foreach (var (query, status, type) in new[]
        {
            ("", 400, "malformed-message"),
            ("?client_name=carol&owner=hub", 400, "malformed-message"),
            ("?client_name=carol&size=100", 400, "malformed-message"),
            ("?owner=hub&size=100", 400, "malformed-message"),
            ("?client_name=carol&owner=both&size=100", 400, "malformed-message"),
            ("?client_name=carol&owner=&size=100", 400, "malformed-message"),
            ("?client_name=carol&owner=hub&pool_owner=hub&size=100", 400, "malformed-message"),
            ("?client_name=carol&owner=hub&owner=hub&size=100", 400, "malformed-message"),
            ("?client_name=carol&owner=hub&size=abc", 400, "malformed-request"),
            ("?client_name=carol&owner=hub&size=", 400, "malformed-request"),
            ("?client_name=carol&owner=hub&size=1.5", 400, "malformed-request"),
            ("?client_name=carol&owner=hub&size=1e3", 400, "malformed-request"),
            ("?client_name=carol&owner=hub&size=99999999999999999999", 400, "malformed-request"),
            ("?client_name=carol&owner=hub&size=100&size=100", 400, "malformed-request"),
            ("?client_name=carol&owner=hub&size=0", 400, "psrd-size-out-of-range"),
            ("?client_name=carol&owner=hub&size=-1", 400, "psrd-size-out-of-range"),
            ("?client_name=carol&owner=hub&size=16777217", 400, "psrd-size-out-of-range"),
            ("?client_name=carol&owner=hub&size=9223372036854775807", 400, "psrd-size-out-of-range"),
            ("?client_name=nobody&owner=hub&size=100", 400, "client-not-registered"),
            ("?client_name=carol%00&owner=hub&size=100", 400, "client-not-registered"),
            ("?client_name=carol&client_name=carol&owner=hub&size=100", 400, "client-not-registered"),
        })
        {
            yield return new HostileRequest("GET", Psrd + query, status, type);
        }

        yield return new HostileRequest("GET", Psrd + "?client_name=carol&owner=hub&size=100", 403, "foreign-origin") { Headers = [("Sec-Fetch-Site", "cross-site")] };
        yield return new HostileRequest("GET", Psrd + "?client_name=carol&owner=hub&size=100", 403, "foreign-origin") { Headers = [("Origin", "http://evil.example")] };
    }

    private static IEnumerable<HostileRequest> Posts()
    {
        HostileRequest Post(string body, int status, string type, string? signature = Signature, string query = "?bind=1") => new("POST", KeyShare + query, status, type)
        {
            Body = body,
            Headers = signature is null ? [] : [("DSKE-Signature", signature)],
        };

        yield return Post(Message, 401, "signature-missing", null);
        foreach (var signature in MalformedSignatures())
        {
            yield return Post(Message, 400, "signature-malformed", signature);
        }

        yield return Post(Message, 400, "signature-malformed") with { Headers = [("DSKE-Signature", Signature), ("DSKE-Signature", Signature)] };
        yield return Post(Message, 400, "psrd-unknown-block");
        yield return Post(Message.Replace("carol", "nobody"), 400, "client-not-registered");
        yield return Post(Message, 400, "malformed-message", query: "?bind=2");
        yield return Post(Message, 400, "malformed-message", query: "?more=1");
        foreach (var body in new[] { "", "null", "[]", "{}", "{", "7", Message + "{}", Message[..^1] + ",\"more\":1}", Message.Replace("AAAAAA==", "*"), Message.Replace("\"share_index\":0", "\"share_index\":\"0\"") })
        {
            yield return Post(body, 400, "malformed-message");
        }

        yield return Post(Message, 415, "unsupported-media-type") with { ContentType = "text/plain" };
        yield return Post(Message.Replace("AAAAAA==", new string('A', 4 * 1024 * 1024)), 413, "body-too-large");
    }

    private static IEnumerable<HostileRequest> Syncs()
    {
        const string Good = $"?client_name=carol&turn={Id}&client_owned={Id}:0&hub_owned=&bind=1";
        HostileRequest Sync(string query, int status, string type, string? signature = Signature) => new("GET", "/hub/hank/dske/api/v1/sync" + query, status, type)
        {
            Headers = signature is null ? [] : [("DSKE-Signature", signature)],
        };

        yield return Sync(Good, 401, "signature-missing", null);
        yield return Sync(Good, 400, "signature-malformed", Signature[..^1]);
        yield return Sync(Good, 400, "psrd-unknown-block");
        yield return Sync(Good.Replace("carol", "nobody"), 400, "client-not-registered");
        foreach (var query in new[]
        {
            string.Empty, "?bind=1", Good + "&bind=1", Good + "&x=1", Good.Replace("&bind=1", string.Empty), Good.Replace("bind=1", "bind=2"),
            Good.Replace("carol", "Carol"), Good.Replace($"turn={Id}", "turn=1"), Good.Replace(":0", string.Empty), Good.Replace(":0", ":-1"),
            Good.Replace(":0", ":00"), Good.Replace(":0", ":99999999999999999999"), Good.Replace(":0", ":0,"), Good.Replace("&hub_owned=", string.Empty),
            Good.Replace("hub_owned=", "hub_owned=" + string.Join(',', Enumerable.Repeat($"{Id}:0", 1025))),
        })
        {
            yield return Sync(query, 400, "malformed-message");
        }
    }

    private static IEnumerable<HostileRequest> Gets()
    {
        HostileRequest Get(string query, int status, string type, string? signature = Signature) => new("GET", KeyShare + query, status, type)
        {
            Headers = signature is null ? [] : [("DSKE-Signature", signature)],
        };

        yield return Get(Query, 401, "signature-missing", null);
        yield return Get(string.Empty, 401, "signature-missing", null);
        foreach (var signature in MalformedSignatures())
        {
            yield return Get(Query, 400, "signature-malformed", signature);
        }

        yield return Get(Query, 400, "psrd-unknown-block");
        yield return Get(Query.Replace("carol", "nobody"), 400, "client-not-registered");
        yield return Get(Query.Replace("carol", "%63%61%72%6f%6c%0a"), 400, "client-not-registered");
        foreach (var query in new[]
        {
            "", "?", "?&", "?client_name", "?client_name=carol", Query + "&bind=1", Query + "&more=1", Query.Replace(Id, "no-uuid"), Query.Replace(Id, "{" + Id + "}"),
            Query.Replace("sam", "%"), Query.Replace("sam", "%4"), Query.Replace("sam", "%ff"), Query.Replace("client_name", "Client_Name"), Query.Replace("bind=1", "bind=true"),
            "?" + new string('x', 8000),
        })
        {
            yield return Get(query, 400, "malformed-message");
        }

        yield return Get(Query, 400, "malformed-message") with { Body = "{}" };
    }

    private static IEnumerable<string> MalformedSignatures() =>
    [
        "", ";", "x", Signature[..^1], Signature + "=", Signature.Replace(';', ':'), Signature.Replace(";", ""), Signature.Replace("A=", "*="), Signature.Replace("=", ""),
        Signature.Replace(":32", ":"), Signature.Replace(":32", ":0"), Signature.Replace(":32", ":-32"), Signature.Replace(":32", ":032"), Signature.Replace(":32", ":99999999999999999999"),
        Signature.Replace(":0:", ":+0:"), Signature.Replace(":0:", ":-1:"), "," + Signature, Signature.Replace(";", ",;"), string.Join(',', Enumerable.Repeat(Signature.Split(';')[0], 17)) + ";" + Signature.Split(';')[1],
        new string('0', 4000), Signature + "," + Signature,
    ];

    private static IEnumerable<HostileRequest> WrongWays()
    {
        foreach (var (method, path) in new[]
        {
            ("GET", Registration), ("POST", Registration), ("DELETE", Registration), ("PUT", Psrd), ("POST", Psrd), ("PUT", KeyShare),
            ("DELETE", KeyShare), ("POST", Status), ("DELETE", Status), ("GET", Stop), ("PUT", Stop), ("OPTIONS", KeyShare), ("TRACE", Status),
        })
        {
            yield return new HostileRequest(method, path, 405, "method-not-allowed");
        }

        foreach (var path in new[] { "/", "/hub", "/hub/hank", "/hub/hank/", "/hub/hank/dske", "/hub/hank/mgmt/v2/status", "/hub/hank/mgmt/v1/status/more", "/hub//mgmt/v1/status", "/client/carol/mgmt/v1/status", "/..", "/%2e%2e/etc/passwd" })
        {
            yield return new HostileRequest("GET", path, 404, "not-found");
        }

        foreach (var name in new[] { "helen", "HANK", "hank%20", "hank%2Fhank", "%F0%9F%90%99" })
        {
            yield return new HostileRequest("GET", Status.Replace("hank", name), 404, "wrong-node");
            yield return new HostileRequest("POST", Stop.Replace("hank", name), 404, "wrong-node");
            yield return new HostileRequest("PUT", Registration.Replace("hank", name), 404, "wrong-node") { Body = "{" };
            yield return new HostileRequest("GET", Psrd.Replace("hank", name) + "?size=x", 404, "wrong-node");
            yield return new HostileRequest("GET", KeyShare.Replace("hank", name), 404, "wrong-node");
            yield return new HostileRequest("POST", KeyShare.Replace("hank", name), 404, "wrong-node") { Body = "{" };
        }
    }

    private static IEnumerable<HostileRequest> WrongCallers()
    {
        const string Good = "{\"client_name\":\"mallory\",\"encryptor_names\":[]}";
        var local = new HostileRequest[]
        {
            new("GET", Status, 403, "local-only"),
            new("POST", Stop, 403, "local-only"),
            new("GET", Psrd + "?client_name=carol&owner=hub&size=100", 403, "local-only"),
            new("PUT", Registration, 403, "local-only") { Body = Good },
        };
        foreach (var request in local)
        {
            foreach (var header in new[] { "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "x-forwarded-anything", "Forwarded", "Via", "X-Real-IP", "X-Original-For" })
            {
                yield return request with { Headers = [(header, "192.0.2.1")] };
            }

            foreach (var host in new[] { "evil.example", "evil.example:8100", "localhost.evil.example", "192.0.2.1", "hank" })
            {
                yield return request with { Type = "foreign-host", Headers = [("Host", host)] };
            }
        }

        foreach (var request in local.Where(request => request.Method != "GET"))
        {
            yield return request with { Type = "foreign-origin", Headers = [("Origin", "http://evil.example")] };
            yield return request with { Type = "foreign-origin", Headers = [("Origin", "null")] };
            yield return request with { Type = "foreign-origin", Headers = [("Sec-Fetch-Site", "cross-site")] };
            yield return request with { Type = "foreign-origin", Headers = [("Sec-Fetch-Site", "same-site")] };
        }
    }

    private static HostileRequest Register(string body, int status, string type) => new("PUT", Registration, status, type) { Body = body };
}
