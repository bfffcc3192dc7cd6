namespace Dske.Tests.Services.Client;

/// <summary>Whatever comes to the SKIP routes, the answer is a clear 4xx with a message, and nothing changes.</summary>
[Trait("Tier", "Services")]
public sealed class SkipHostileInputTests
{
    private const string Id = "bc4904197d60487fadc14ddcc177c139";

    private static readonly string[] Roots = ["", "/client/carol/skip"];

    [Fact]
    public async Task No_request_does_more_than_a_clear_4xx()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);
        var before = await carol.GetStatusTextAsync();
        HostileRequest[] requests =
        [
            .. Roots.SelectMany(root => BadParameters().Concat(BadIds()).Concat(WrongWays()).Select(request => request with { Path = root + request.Path })),
            .. WrongNodes(),
            .. WrongOrigins(),
        ];

        await HostileRequest.AssertAllAsync(requests, request => request.AssertSkipErrorAsync(carol));

        Assert.Equal(before, await carol.GetStatusTextAsync());
        Assert.Empty(carol.Log.Faults);
    }

    private static IEnumerable<HostileRequest> BadParameters()
    {
        foreach (var path in new[] { "/key", $"/key/{Id}" })
        {
            yield return Get(path, 400);
            foreach (var remote in new[]
            {
                "", "carol", "Conny", "*", "con*", "c[a-z]nny", "con?ny", "%20conny", "conny%0A", "con%2Fny", "-conny", "zo%C3%AB", "%F0%9F%98%80", "%FF", "conny,dave", "con%00ny",
                new string('c', 64), "conny&remoteSystemID=conny", "conny&remotesystemid=dave", "http://conny",
            })
            {
                yield return Get($"{path}?remoteSystemID={remote}", 400);
            }

            yield return Get($"{path}?remote=conny", 400);
            yield return Get($"{path}?remoteSystemID", 400);
        }

        foreach (var size in new[]
        {
            "", "0", "-128", "8", "120", "129", "257", "16777224", "2147483648", "99999999999999999999", "abc", "1e3", "256.0", "0x100", "%20256", "256%20", "+256", "256&size=256",
            "%D9%A2%D9%A5%D9%A6", "256,",
        })
        {
            yield return Get($"/key?remoteSystemID=conny&size={size}", 400);
        }

        foreach (var bits in new[] { "", "0", "-8", "1", "7", "9", "65537", "65544", "2147483648", "99999999999999999999", "abc", "8.0", "0x8", "%208", "8&minentropy=8" })
        {
            yield return Get($"/entropy?minentropy={bits}", 400);
        }
    }

    private static IEnumerable<HostileRequest> BadIds()
    {
        foreach (var id in new[]
        {
            "bc490419-7d60-487f-adc1-4ddcc177c139", "%7Bbc4904197d60487fadc14ddcc177c139%7D", "0x4904197d60487fadc14ddcc177c139", "bc4904197d60487fadc14ddcc177c13g", "x", "%20",
            "bc4904197d60487fadc14ddcc177c139%0A", "%2F", "bc4904197d60487f%2Fadc14ddcc177c139", "%D9%A2", "zo%C3%AB", "+", "..%2F..", "bc49:0419", "bc%2549",
            "0", "bc4904197d60487fadc14ddcc177c1", "bc4904197d60487fadc14ddcc177c13900", new string('a', 1000),
        })
        {
            yield return Get($"/key/{id}?remoteSystemID=conny", 400);
        }
    }

    private static IEnumerable<HostileRequest> WrongWays()
    {
        foreach (var path in new[] { "/capabilities", "/key?remoteSystemID=conny", $"/key/{Id}?remoteSystemID=conny", "/entropy" })
        {
            foreach (var verb in new[] { "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW" })
            {
                yield return new HostileRequest(verb, path, 405);
            }

            yield return new HostileRequest("POST", path, 405) { Body = "{\"size\":256}" };
        }

        foreach (var path in new[] { "/capabilities/", "/capabilities/x", "/key/?remoteSystemID=conny", $"/key/{Id}/?remoteSystemID=conny", $"/key/{Id}/x", "/key//", "/entropy/", "/entropy/256" })
        {
            yield return Get(path, 404);
        }
    }

    private static IEnumerable<HostileRequest> WrongNodes()
    {
        foreach (var path in new[] { "/client/celia/skip/capabilities", "/client/Carol/skip/key?remoteSystemID=conny", "/client/carol/skip", "/client/carol/skip/", "/client/carol/skip/keys", "/client/%20/skip/entropy" })
        {
            yield return Get(path, 404);
        }
    }

    private static IEnumerable<HostileRequest> WrongOrigins()
    {
        foreach (var header in new[]
        {
            ("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"), ("Via", "1.1 proxy"), ("Host", "evil.example"), ("Origin", "http://evil.example"), ("Origin", "null"),
            ("Sec-Fetch-Site", "cross-site"),
        })
        {
            foreach (var path in new[] { "/capabilities", "/key?remoteSystemID=conny", $"/key/{Id}?remoteSystemID=conny", "/entropy", "/client/carol/skip/entropy" })
            {
                yield return Get(path, 403) with { Headers = [header] };
            }
        }
    }

    private static HostileRequest Get(string path, int status) => new("GET", path, status);
}
