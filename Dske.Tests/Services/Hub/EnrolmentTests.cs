using System.Net;
using System.Net.Http.Headers;
using Dske.Protocol.Enrolment;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Services.Hub;

/// <summary>Who is let through to the out-of-band routes of a hub.</summary>
[Trait("Tier", "Services")]
public sealed class EnrolmentTests : IDisposable
{
    private const string Registration = "/hub/hank/dske/oob/v1/registration";
    private const string Psrd = "/hub/hank/dske/oob/v1/psrd?client_name=carol&owner=hub&size=100";
    private const string Carol = """{"client_name":"carol","encryptor_names":["sam"]}""";

    private readonly EnrolmentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_client_with_a_token_registers_and_fetches()
    {
        await using var hub = HubNode.Start(more: _folder.SettingsOf("hank"));
        hub.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _folder.Issue("hank", "carol", "sam", "sara"));

        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam");

        var client = Assert.Single((await hub.GetStatusAsync()).GetProperty("peer_clients").EnumerateArray());
        Assert.Equal("carol", client.GetProperty("client_name").GetString());
    }

    [Fact]
    public async Task Nobody_else_is_let_through_and_nothing_changes_and_nothing_secret_shows()
    {
        await using var hub = HubNode.Start(more: _folder.SettingsOf("hank"));
        var token = _folder.Issue("hank", "carol", "sam", "sara");
        hub.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using (await HubCaller.EnrolAsync(hub, "carol", "sam"))
        {
            hub.Client.DefaultRequestHeaders.Authorization = null;
            var before = await hub.GetStatusTextAsync();

            await HostileRequest.AssertAllAsync(Refused(token), request => request.AssertProblemAsync(hub));

            Assert.Equal(before, await hub.GetStatusTextAsync());
        }

        Assert.Empty(hub.Log.Faults);
        var emitted = string.Join('\n', hub.Log.Entries.Select(entry => entry.Text));
        Assert.Contains("enrolment-token-invalid", emitted, StringComparison.Ordinal);
        Assert.DoesNotContain(token[..40], emitted, StringComparison.Ordinal);
        Assert.DoesNotContain(token[^43..], emitted, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.KeyTextOf("hank")[..16], emitted, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer nonsense")]
    public async Task Whoever_has_no_good_token_is_told_what_to_show(string? authorization)
    {
        await using var hub = HubNode.Start(more: _folder.SettingsOf("hank"));
        using var request = new HttpRequestMessage(HttpMethod.Get, Psrd);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var answer = await hub.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_hub_that_is_off_serves_nobody_out_of_band()
    {
        await using var hub = HubNode.Start(more: ("Dske:Hub:OutOfBand:Mode", "off"));
        var before = await hub.GetStatusTextAsync();
        var token = _folder.Issue("hank", "carol", "sam");

        await HostileRequest.AssertAllAsync(
            [
                Put(Carol, 403, "out-of-band-off"), Put(Carol, 403, "out-of-band-off", $"Bearer {token}"),
                Get(Psrd, 403, "out-of-band-off"), Get(Psrd, 403, "out-of-band-off", $"Bearer {token}"),
            ],
            request => request.AssertProblemAsync(hub));

        Assert.Equal(before, await hub.GetStatusTextAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hub_that_serves_whoever_asks_warns_of_it(bool open)
    {
        await using var hub = open ? HubNode.Start() : HubNode.Start(more: _folder.SettingsOf("hank"));

        var warned = hub.Log.Entries.Any(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("Dske:Hub:OutOfBand:Mode is open", StringComparison.Ordinal));

        Assert.Equal(open, warned);
    }

    private IEnumerable<HostileRequest> Refused(string token)
    {
        const string invalid = "enrolment-token-invalid", missing = "enrolment-token-missing", notGranted = "enrolment-not-granted";
        var changed = token[..^2] + (token[^2] == 'A' ? 'B' : 'A') + token[^1];
        string[] bad =
        [
            "Bearer", $"Bearer{token}", $"Basic {token}", token, $"Bearer {token}.", $"Bearer {token[..^1]}", $"Bearer {changed}",
            $"Bearer {_folder.IssueWithKeyOf("helen", "hank", "carol", "sam")}", $"Bearer {_folder.IssueWithKeyOf("hank", "helen", "carol", "sam")}",
            $"Bearer {new string('A', EnrolmentToken.MaxLength + 1)}",
        ];
        foreach (var authorization in bad)
        {
            yield return Put(Carol, 401, invalid, authorization);
            yield return Get(Psrd, 401, invalid, authorization);
        }

        yield return Put(Carol, 401, missing);
        yield return Get(Psrd, 401, missing);

        // Before anything is read: what follows could not be read.
        yield return Put("no registration", 401, missing);
        yield return Put("no registration", 401, invalid, "Bearer nonsense");

        // A token of carol's.
        var good = $"Bearer {token}";
        yield return Put("""{"client_name":"celia","encryptor_names":[]}""", 403, notGranted, good);
        yield return Put("""{"client_name":"carol","encryptor_names":["sam","serena"]}""", 403, notGranted, good);
        yield return Put("""{"client_name":"Carol","encryptor_names":[]}""", 403, notGranted, good);
        yield return Get(Psrd.Replace("carol", "celia", StringComparison.Ordinal), 403, notGranted, good);
        yield return Get(Psrd + "&client_name=celia", 403, notGranted, good);
        yield return Get(Psrd.Replace("client_name=carol&", "", StringComparison.Ordinal), 400, "malformed-message", good);

        // Who may not call at all learns nothing of tokens.
        yield return Put(Carol, 403, "foreign-host") with { Headers = [("Host", "dske.example")] };
    }

    private static HostileRequest Put(string body, int status, string type, string? authorization = null) =>
        new("PUT", Registration, status, type) { Body = body, Headers = HeadersOf(authorization) };

    private static HostileRequest Get(string path, int status, string type, string? authorization = null) =>
        new("GET", path, status, type) { Headers = HeadersOf(authorization) };

    private static IReadOnlyList<(string Name, string Value)> HeadersOf(string? authorization) =>
        authorization is null ? [] : [("Authorization", authorization)];
}
