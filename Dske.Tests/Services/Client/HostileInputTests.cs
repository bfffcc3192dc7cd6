using System.Net;
using System.Text.Json;

namespace Dske.Tests.Services.Client;

/// <summary>
/// Whatever comes in, the answer is a clear 4xx, in the standard's format on the standard's routes and in problem details elsewhere,
/// and nothing changes.
/// </summary>
[Trait("Tier", "Services")]
public sealed class HostileInputTests
{
    private const string Prefix = "/client/carol/etsi";
    private const string Keys = Prefix + "/api/v1/keys/serena";
    private const string Status = "/client/carol/mgmt/v1/status";
    private const string Stop = "/client/carol/mgmt/v1/stop";
    private const string Id = "00000000-0000-4000-8000-000000000001";

    private static readonly (string Name, string Value)[] Sam = [("Authorization", "sam")];

    private static IEnumerable<HostileRequest> KeyDeliveryRequests =>
    [
        .. Callers(), .. GetRequests(), .. PostRequests(), .. WrongWays(), .. WrongOrigins(),
    ];

    /// <summary>The same on the path of the standard, which has no version 2 either.</summary>
    private static IEnumerable<HostileRequest> StandardRequests => KeyDeliveryRequests
        .Where(request => request.Path.StartsWith(Prefix + "/api/v1/", StringComparison.Ordinal))
        .Select(request => request with { Path = request.Path[Prefix.Length..] });

    [Fact]
    public async Task No_request_for_keys_does_more_than_a_clear_4xx()
    {
        await using var carol = ClientNode.Start("carol", ["sam", "sara"]);
        var before = await carol.GetStatusTextAsync();

        await HostileRequest.AssertAllAsync(KeyDeliveryRequests.Concat(StandardRequests), request => request.AssertKeyDeliveryErrorAsync(carol));

        Assert.Equal(before, await carol.GetStatusTextAsync());
        Assert.Empty(carol.Log.Faults);
    }

    [Fact]
    public async Task No_other_request_does_more_than_a_clear_4xx()
    {
        await using var carol = ClientNode.Start("carol", ["sam", "sara"]);
        var before = await carol.GetStatusTextAsync();

        await HostileRequest.AssertAllAsync(OtherRequests(), request => request.AssertProblemAsync(carol));

        Assert.Equal(before, await carol.GetStatusTextAsync());
        Assert.Empty(carol.Log.Faults);
    }

    [Fact]
    public async Task Without_hubs_keys_are_unavailable_for_now()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);

        foreach (var path in new[] { $"{Keys}/enc_keys", $"{Keys}/dec_keys?key_ID={Id}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Authorization", "sam");
            using var response = await carol.Client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
            using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Contains("too few hubs", body.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    private static IEnumerable<HostileRequest> Callers()
    {
        foreach (var operation in new[] { "status", "enc_keys", "dec_keys?key_ID=" + Id })
        {
            yield return new HostileRequest("GET", $"{Keys}/{operation}", 401);
            foreach (var caller in new[] { "", "nobody", "serena", "Sam", "Bearer sam", "sam,sara" })
            {
                yield return new HostileRequest("GET", $"{Keys}/{operation}", 401) { Headers = [("Authorization", caller)] };
            }

            yield return new HostileRequest("GET", $"{Keys}/{operation}", 401) { Headers = [.. Sam, ("Authorization", "sara")] };
            yield return new HostileRequest("GET", $"{Keys.Replace("serena", "sam")}/{operation}", 400) { Headers = Sam };
            yield return new HostileRequest("GET", $"{Keys.Replace("serena", "%20")}/{operation}", 400) { Headers = Sam };
            yield return new HostileRequest("GET", $"{Keys.Replace("serena", "a%0Ab")}/{operation}", 400) { Headers = Sam };
            yield return new HostileRequest("GET", $"{Keys.Replace("serena", new string('s', 256))}/{operation}", 400) { Headers = Sam };
        }
    }

    private static IEnumerable<HostileRequest> GetRequests()
    {
        foreach (var query in new[]
        {
            "size=0", "size=-8", "size=8", "size=120", "size=129", "size=257", "size=16777224", "size=2147483647", "size=99999999999", "size=abc", "size=", "size=1e3",
            "size=256.0", "size=0x100", "size=%20256", "size=256&size=256", "number=0", "number=-1", "number=129", "number=2147483647", "number=99999999999", "number=abc",
            "number=", "number=1&number=1", "number=128&size=16777216", "number=9&size=16777216",
        })
        {
            yield return new HostileRequest("GET", $"{Keys}/enc_keys?{query}", 400) { Headers = Sam };
        }

        foreach (var query in new[]
        {
            "", "?key_ID", "?key_ID=", "?key_ID=abc", $"?key_ID={{{Id}}}", $"?key_ID={Id.Replace("-", "")}", $"?key_ID={Id}&key_ID={Id}", $"?key_ID={Id}x", $"?keyID={Id}",
        })
        {
            yield return new HostileRequest("GET", $"{Keys}/dec_keys{query}", 400) { Headers = Sam };
        }
    }

    private static IEnumerable<HostileRequest> PostRequests()
    {
        foreach (var body in new[]
        {
            " ", "null", "[]", "7", "\"x\"", "{", "{}{}", "{\"number\":0}", "{\"number\":-1}", "{\"number\":\"1\"}", "{\"number\":1.5}", "{\"number\":99999999999}", "{\"number\":129}",
            "{\"size\":257}", "{\"size\":8}", "{\"size\":\"256\"}", "{\"size\":16777224}", "{\"number\":1,\"number\":1}", "{\"additional_slave_SAE_IDs\":[\"serena\"]}",
            "{\"additional_slave_SAE_IDs\":\"sofia\"}", "{\"extension_mandatory\":[{\"route_type\":\"direct\"}]}", "{\"size\":" + new string('[', 200) + "}",
        })
        {
            yield return Post("enc_keys", body, 400);
        }

        var ids = string.Join(',', Enumerable.Range(0, 129).Select(i => $"{{\"key_ID\":\"{i:x8}-0000-4000-8000-000000000001\"}}"));
        foreach (var body in new[]
        {
            "", " ", "null", "[]", "{}", "{\"key_IDs\":null}", "{\"key_IDs\":[]}", "{\"key_IDs\":[null]}", "{\"key_IDs\":[{}]}", "{\"key_IDs\":[\"" + Id + "\"]}",
            "{\"key_IDs\":[{\"key_ID\":\"x\"}]}", "{\"key_IDs\":[{\"key_ID\":7}]}", $"{{\"key_IDs\":[{{\"key_ID\":\"{Id}\"}},{{\"key_ID\":\"{Id}\"}}]}}", $"{{\"key_IDs\":[{ids}]}}",
        })
        {
            yield return Post("dec_keys", body, 400);
        }

        yield return Post("enc_keys", "{\"x\":\"" + new string('x', 70_000) + "\"}", 413);
        yield return Post("dec_keys", "{\"x\":\"" + new string('x', 70_000) + "\"}", 413);
        yield return Post("enc_keys", "{}", 415) with { ContentType = "text/plain" };
        yield return Post("dec_keys", "{}", 415) with { ContentType = "application/x-www-form-urlencoded" };
    }

    private static IEnumerable<HostileRequest> WrongWays()
    {
        foreach (var (method, operation) in new[] { ("PUT", "enc_keys"), ("DELETE", "dec_keys"), ("POST", "status"), ("PATCH", "enc_keys"), ("OPTIONS", "dec_keys") })
        {
            yield return new HostileRequest(method, $"{Keys}/{operation}", 405) { Headers = Sam };
        }

        foreach (var path in new[] { "/client/carol/etsi/api/v1/keys", Keys, Keys + "/keys", Keys + "/enc_keys/more", Keys.Replace("v1", "v2") + "/status", "/client/carol/etsi/api/v1/keys//status" })
        {
            yield return new HostileRequest("GET", path, 404) { Headers = Sam };
        }

        foreach (var name in new[] { "celia", "Carol", "carol%20", "carol%2Fcarol" })
        {
            yield return new HostileRequest("GET", Keys.Replace("carol", name) + "/status", 404) { Headers = Sam };
            yield return new HostileRequest("POST", Keys.Replace("carol", name) + "/enc_keys", 404) { Headers = Sam, Body = "{" };
        }
    }

    private static IEnumerable<HostileRequest> WrongOrigins()
    {
        foreach (var (name, value) in new[]
        {
            ("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"), ("Via", "1.1 proxy"), ("Host", "evil.example"), ("Origin", "http://evil.example"), ("Origin", "null"),
            ("Sec-Fetch-Site", "cross-site"),
        })
        {
            yield return new HostileRequest("GET", Keys + "/status", 403) { Headers = [.. Sam, (name, value)] };
            yield return new HostileRequest("GET", Keys + "/enc_keys", 403) { Headers = [.. Sam, (name, value)] };
            yield return new HostileRequest("GET", Keys + "/dec_keys?key_ID=" + Id, 403) { Headers = [.. Sam, (name, value)] };
            yield return Post("enc_keys", "{}", 403) with { Headers = [.. Sam, (name, value)] };
        }
    }

    private static IEnumerable<HostileRequest> OtherRequests()
    {
        yield return new HostileRequest("POST", Status, 405, "method-not-allowed");
        yield return new HostileRequest("GET", Stop, 405, "method-not-allowed");
        yield return new HostileRequest("GET", "/", 404, "not-found");
        yield return new HostileRequest("GET", "/client/carol", 404, "not-found");
        yield return new HostileRequest("GET", "/hub/hank/mgmt/v1/status", 404, "not-found");
        yield return new HostileRequest("GET", Status.Replace("carol", "celia"), 404, "wrong-node");
        yield return new HostileRequest("POST", Stop.Replace("carol", "celia"), 404, "wrong-node");
        foreach (var request in new HostileRequest[] { new("GET", Status, 403, "local-only"), new("POST", Stop, 403, "local-only") })
        {
            yield return request with { Headers = [("X-Forwarded-For", "192.0.2.1")] };
            yield return request with { Type = "foreign-host", Headers = [("Host", "evil.example")] };
        }

        yield return new HostileRequest("POST", Stop, 403, "foreign-origin") { Headers = [("Origin", "http://evil.example")] };
        yield return new HostileRequest("POST", Stop, 403, "foreign-origin") { Headers = [("Sec-Fetch-Site", "same-site")] };
    }

    private static HostileRequest Post(string operation, string body, int status) => new("POST", $"{Keys}/{operation}", status) { Headers = Sam, Body = body };
}
