using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Dske.Tests.Services.Encryptor;

/// <summary>Whatever comes in, the answer is a clear 4xx, nothing changes, and the KME hears nothing of it.</summary>
[Trait("Tier", "Services")]
public sealed class HostileInputTests
{
    private const string Id = "bc490419-7d60-487f-adc1-4ddcc177c139";
    private const string Proof = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    public static TheoryData<string, string, int, string> Bodies
    {
        get
        {
            var table = new TheoryData<string, string, int, string>();
            string[] malformed =
            [
                "", " ", "null", "[]", "1", "\"sofia\"", "{", "{}", "{\"peer\":\"sofia\"", "{\"peer\":\"sofia\"}{", "{\"peer\":\"sofia\",}",
                "{\"peer\":null}", "{\"peer\":1}", "{\"peer\":[\"sofia\"]}", "{\"Peer\":\"sofia\"}", "{\"peer\":\"sofia\",\"peer\":\"sofia\"}",
                "{\"peer\":\"sofia\",\"size\":\"256\"}", "{\"peer\":\"sofia\",\"size\":null}", "{\"peer\":\"sofia\",\"size\":256.5}",
                "{\"peer\":\"sofia\",\"size\":99999999999}", "{\"peer\":\"sofia\",\"size\":1e9999}", "{\"peer\":\"sofia\",\"number\":true}",
                "{\"peer\":\"sofia\",\"key\":\"AAAA\"}", "{\"peer\":\"\\ud800\"}", "{\"\\ud800\":1}", "{\"peer\":\"sofia\",\"number\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}",
                "{\"initiator\":\"sam\"}", "{\"keys\":[]}", "{\"initiator\":\"sam\",\"keys\":null}", "{\"initiator\":\"sam\",\"keys\":{}}",
                "{\"initiator\":\"sam\",\"keys\":[1]}", "{\"initiator\":\"sam\",\"keys\":[{}]}",
                Offer("{\"key_ID\":\"x\",\"proof\":\"" + Proof + "\"}"), Offer("{\"key_ID\":\"" + Id + "\",\"proof\":\"***\"}"),
                Offer("{\"key_ID\":\"" + Id + "\",\"proof\":\"" + Proof + "\",\"fingerprint\":\"\"}"),
            ];
            foreach (var body in malformed)
            {
                table.Add("keys", body, 400, "malformed-request");
                table.Add("offers", body, 400, "malformed-request");
            }

            string[] invalid =
            [
                "{\"peer\":\"\"}", "{\"peer\":\" \"}", "{\"peer\":\"a\\u0000b\"}", "{\"peer\":\"" + new string('x', 256) + "\"}",
                "{\"peer\":\"sofia\",\"size\":0}", "{\"peer\":\"sofia\",\"size\":-256}", "{\"peer\":\"sofia\",\"size\":120}", "{\"peer\":\"sofia\",\"size\":129}",
                "{\"peer\":\"sofia\",\"size\":65544}", "{\"peer\":\"sofia\",\"size\":2147483647}", "{\"peer\":\"sofia\",\"number\":0}",
                "{\"peer\":\"sofia\",\"number\":-1}", "{\"peer\":\"sofia\",\"number\":129}", "{\"peer\":\"sofia\",\"number\":2147483647}",
            ];
            foreach (var body in invalid)
            {
                table.Add("keys", body, 400, "invalid-request");
            }

            string[] invalidOffers =
            [
                Offer(""), Offer("null"), "{\"initiator\":\"\",\"keys\":[" + Key(Id) + "]}", Offer("{\"key_ID\":\"" + Id + "\",\"proof\":\"AAAA\"}"),
                Offer(Key(Id) + "," + Key(Id)), Offer(string.Join(',', Enumerable.Range(0, 129).Select(i => Key($"{i:x8}-7d60-487f-adc1-4ddcc177c139")))),
            ];
            foreach (var body in invalidOffers)
            {
                table.Add("offers", body, 400, "invalid-request");
            }

            string[] invalidSinks = ["", " ", "wg 0", "../wg0", "WG0", new string('x', 64), "wg0\\u0000"];
            foreach (var sink in invalidSinks)
            {
                table.Add("offers", OfferFor($"\"{sink}\"", Key(Id)), 400, "invalid-request");
            }

            table.Add("offers", OfferFor("1", Key(Id)), 400, "malformed-request");
            table.Add("offers", OfferFor("[\"wg0\"]", Key(Id)), 400, "malformed-request");
            table.Add("offers", OfferFor("\"wg0\"", Key(Id) + "," + Key("00000000-7d60-487f-adc1-4ddcc177c139")), 400, "invalid-request");
            table.Add("offers", OfferFor("\"wg0\"", Key(Id)), 404, "unknown-sink");
            table.Add("keys", "{\"peer\":\"nobody\"}", 404, "unknown-peer");
            table.Add("keys", "{\"peer\":\"sam\"}", 404, "unknown-peer");
            table.Add("keys", "{\"peer\":\"Sofia\"}", 404, "unknown-peer");
            table.Add("offers", "{\"initiator\":\"nobody\",\"keys\":[" + Key(Id) + "]}", 403, "unknown-peer");
            table.Add("keys", "{\"peer\":\"sofia\",\"x\":\"" + new string('x', 5_000) + "\"}", 413, "body-too-large");
            table.Add("offers", "{\"initiator\":\"" + new string('x', 70_000) + "\"}", 413, "body-too-large");
            return table;
        }
    }

    [Fact]
    public async Task No_body_does_more_than_a_clear_4xx()
    {
        await using var pair = await EncryptorPair.StartAsync();
        foreach (var row in Bodies)
        {
            var (route, body, status, type) = row.Data;
            var response = await pair.Sam.Client.PostAsync(
                $"/encryptor/sam/api/v1/{route}", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

            try
            {
                await EncryptorPair.AssertProblemAsync(response, (HttpStatusCode)status, type);
            }
            catch (Xunit.Sdk.XunitException e)
            {
                Assert.Fail($"POST {route} {body[..Math.Min(body.Length, 200)]}: {e.Message}");
            }
        }

        Assert.Equal(0, pair.Kme.EncRequests);
        Assert.Equal(0, pair.Kme.DecRequests);
        Assert.Empty(await EncryptorPair.ListAsync(pair.Sam, "sam"));
        Assert.DoesNotContain(pair.Sam.Log, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_problem_of_a_request_is_reported_at_once()
    {
        await using var pair = await EncryptorPair.StartAsync();

        var problem = await EncryptorPair.AssertProblemAsync(
            await pair.EstablishAsync(new { peer = "", size = 1, number = 0 }), HttpStatusCode.BadRequest, "invalid-request");

        Assert.Equal(["peer", "size", "number"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("GET", "/", 404, "not-found")]
    [InlineData("GET", "/encryptor/sam/api/v1/", 404, "not-found")]
    [InlineData("GET", "/encryptor/sam/api/v2/keys", 404, "not-found")]
    [InlineData("GET", "/encryptor/sofia/api/v1/keys", 404, "unknown-encryptor")]
    [InlineData("GET", "/encryptor/%20/api/v1/peers", 404, "unknown-encryptor")]
    [InlineData("POST", "/encryptor/sofia/api/v1/keys", 404, "unknown-encryptor")]
    [InlineData("POST", "/encryptor/sofia/api/v1/offers", 404, "unknown-encryptor")]
    [InlineData("DELETE", "/encryptor/sam/api/v1/keys", 405, "method-not-allowed")]
    [InlineData("GET", "/encryptor/sam/api/v1/offers", 405, "method-not-allowed")]
    [InlineData("GET", "/encryptor/sofia/api/v1/sinks", 404, "unknown-encryptor")]
    [InlineData("POST", "/encryptor/sam/api/v1/sinks", 405, "method-not-allowed")]
    [InlineData("PUT", "/encryptor/sam/api/v1/sinks", 405, "method-not-allowed")]
    [InlineData("PUT", "/encryptor/sam/api/v1/sinks/wg0", 404, "not-found")]
    public async Task Wrong_ways_lead_to_a_problem(string method, string path, int status, string type)
    {
        await using var pair = await EncryptorPair.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new StringContent("{\"peer\":\"sofia\"}", Encoding.UTF8, "application/json");
        }

        await EncryptorPair.AssertProblemAsync(await pair.Sam.Client.SendAsync(request, TestContext.Current.CancellationToken), (HttpStatusCode)status, type);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task A_body_of_another_type_is_refused(string? type)
    {
        await using var pair = await EncryptorPair.StartAsync();
        using var content = new ByteArrayContent("{\"peer\":\"sofia\"}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

        var response = await pair.Sam.Client.PostAsync("/encryptor/sam/api/v1/keys", content, TestContext.Current.CancellationToken);

        await EncryptorPair.AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", "foreign-origin")]
    [InlineData("Origin", "null", "foreign-origin")]
    [InlineData("Sec-Fetch-Site", "cross-site", "foreign-origin")]
    [InlineData("Sec-Fetch-Site", "same-site", "foreign-origin")]
    [InlineData("Host", "evil.example", "foreign-host")]
    [InlineData("Host", "sam:8110", "foreign-host")]
    public async Task A_web_page_cannot_make_its_readers_browser_establish_or_offer(string header, string value, string type)
    {
        await using var pair = await EncryptorPair.StartAsync();
        foreach (var route in new[] { "keys", "offers" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/encryptor/sam/api/v1/{route}");
            request.Headers.TryAddWithoutValidation(header, value);
            request.Content = new StringContent("{\"peer\":\"sofia\"}", Encoding.UTF8, "application/json");

            await EncryptorPair.AssertProblemAsync(
                await pair.Sam.Client.SendAsync(request, TestContext.Current.CancellationToken), HttpStatusCode.Forbidden, type);
        }

        Assert.Equal(0, pair.Kme.EncRequests);
    }

    [Fact]
    public async Task A_host_name_that_is_configured_is_no_foreign_one()
    {
        await using var pair = await EncryptorPair.StartAsync(null, ("Dske:Access:AllowedHosts:0", "sam.example"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/encryptor/sam/api/v1/keys");
        request.Headers.Host = "SAM.example:8110";
        request.Content = new StringContent("{\"peer\":\"sofia\"}", Encoding.UTF8, "application/json");

        Assert.Equal(HttpStatusCode.OK, (await pair.Sam.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    private static string Offer(string keys) => "{\"initiator\":\"sofia\",\"keys\":[" + keys + "]}";

    private static string OfferFor(string sink, string keys) => "{\"initiator\":\"sofia\",\"sink\":" + sink + ",\"keys\":[" + keys + "]}";

    private static string Key(string id) => "{\"key_ID\":\"" + id + "\",\"proof\":\"" + Proof + "\"}";
}
