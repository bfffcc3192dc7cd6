using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Dske.Hub.Traffic;
using Dske.Protocol.Clients;
using Dske.Protocol.Secrets;
using Dske.Tests.Network.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Services.Hub;

/// <summary>Who asks too often, sends too much or too slowly takes from nobody but himself.</summary>
[Trait("Tier", "Services")]
public sealed class TrafficTests : IDisposable
{
    private const string Psrd = "/hub/hank/dske/oob/v1/psrd?client_name=carol&owner=hub&size=1000";
    private static readonly byte[] Share = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly EnrolmentFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flood_out_of_band_is_turned_away_and_takes_nothing_from_those_with_a_token()
    {
        await using var hub = HubNode.Start(more: [.. _folder.SettingsOf("hank"), ("Dske:Hub:Traffic:OutOfBandBurst", "20"), ("Dske:Hub:Traffic:OutOfBandPerSecond", "1")]);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 200; i++)
        {
            using var answer = await hub.Client.GetAsync(Psrd, Cancellation);
            statuses.Add(answer.StatusCode);
            Assert.Equal(answer.StatusCode == HttpStatusCode.TooManyRequests ? "1" : null, answer.Headers.RetryAfter?.ToString());
        }

        Assert.Equal(HttpStatusCode.Unauthorized, statuses[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        hub.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _folder.Issue("hank", "carol", "sam"));
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam");

        var rejected = (await hub.GetStatusAsync()).GetProperty("rejected");
        Assert.Equal(statuses.Count(status => status == HttpStatusCode.TooManyRequests), rejected.GetProperty("too-many-requests").GetInt32());
        Assert.Equal(statuses.Count(status => status == HttpStatusCode.Unauthorized), rejected.GetProperty("enrolment-token-missing").GetInt32());

        // Nor is the log filled with it.
        Assert.InRange(hub.Log.Entries.Count(entry => entry.Level >= LogLevel.Warning), 1, 100);
        Assert.Empty(hub.Log.Faults);
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_turned_away_and_others_are_served()
    {
        await using var hub = HubNode.Start(more: [.. _folder.SettingsOf("hank"), ("Dske:Hub:Traffic:OutOfBandBurst", "20"), ("Dske:Hub:Traffic:OutOfBandPerSecond", "1")]);
        hub.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _folder.Issue("hank", "carol", "sam"));
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam");
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 100 && last != HttpStatusCode.TooManyRequests; i++)
        {
            using var answer = await hub.Client.GetAsync(Psrd, Cancellation);
            last = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        hub.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _folder.Issue("hank", "celia", "serena"));
        using var celia = await HubCaller.EnrolAsync(hub, "celia", "serena");
    }

    [Theory]
    [InlineData(null, "401", "signature-missing")]
    [InlineData("nonsense", "400", "signature-malformed")]
    public async Task The_body_of_a_message_without_a_signature_is_not_waited_for(string? signature, string status, string type)
    {
        await using var hub = HubNode.Start();

        using var sender = await OpenAsync(hub, 4 * 1024 * 1024, signature);

        var answer = await ReadAsync(sender);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains(type, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_that_are_not_known_to_be_authentic_take_so_much_memory_and_no_more()
    {
        await using var hub = HubNode.Start(more: ("Dske:Hub:Traffic:MaxUnverifiedBytes", (4 * 1024 * 1024).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        using var carol = await HubCaller.EnrolAsync(hub, "carol", 64 * 1024, "sam");
        using var celia = await HubCaller.EnrolAsync(hub, "celia", "serena");
        var signature = carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "serena", Share).Signature;
        var bodies = hub.Services.GetRequiredService<UnverifiedBodies>();
        var crowd = new List<TcpClient>();
        using (var sender = await OpenAsync(hub, UnverifiedBodies.MaxBody, signature))
        {
            // What is announced and does not come takes nothing.
            Assert.Equal(HubAnswerKind.Accepted, (await carol.ExchangeAsync(carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "serena", Share))).Kind);

            await sender.GetStream().WriteAsync(new byte[UnverifiedBodies.MaxBody - 1], Cancellation);
            await Eventually.TrueAsync(() => bodies.Held >= UnverifiedBodies.MaxBody - 1, "the room is taken");
            var refused = await carol.SendAsync(carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "serena", new byte[UnverifiedBodies.MaxShortBody]));
            Assert.Equal(503, refused.Status);

            // Large ones keep out their like alone: short ones have a room of their own, until it is full, too.
            Assert.Equal(HubAnswerKind.Accepted, (await carol.ExchangeAsync(carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "serena", Share))).Kind);
            for (var i = 0; i < UnverifiedBodies.MaxBody / 4 / UnverifiedBodies.MaxShortBody; i++)
            {
                crowd.Add(await OpenAsync(hub, UnverifiedBodies.MaxShortBody, signature));
                await crowd[^1].GetStream().WriteAsync(new byte[UnverifiedBodies.MaxShortBody - 1], Cancellation);
            }

            await Eventually.TrueAsync(() => bodies.Held >= (UnverifiedBodies.MaxBody * 5 / 4) - 1 - crowd.Count, "both rooms are taken");
            Assert.Equal(503, (await carol.SendAsync(carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "serena", Share))).Status);
            Assert.Equal(2, (await hub.GetStatusAsync()).GetProperty("rejected").GetProperty("too-busy").GetInt32());
        }

        crowd.ForEach(sender => sender.Dispose());
        await Eventually.TrueAsync(() => bodies.Held == 0, "there is room again");
        Assert.Equal(HubAnswerKind.Accepted, (await carol.ExchangeAsync(carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "serena", Share))).Kind);
        Assert.Empty(hub.Log.Faults);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_given_up()
    {
        var time = new VirtualTime();
        await using var hub = HubNode.Start(time: time);
        using var carol = await HubCaller.EnrolAsync(hub, "carol", "sam", "sara");
        using var sender = await OpenAsync(hub, 1000, carol.Post(SystemEntropySource.Instance.NextUuid(), "sam", "sara", Share).Signature);

        await time.UntilTimersRunAsync(UnverifiedBodies.MaxTime);
        time.Advance(UnverifiedBodies.MaxTime);

        Assert.StartsWith("HTTP/1.1 408 ", await ReadAsync(sender), StringComparison.Ordinal);

        // What comes of it later is skipped, and is no fault of the hub's.
        await sender.GetStream().WriteAsync((byte[])[.. new byte[1000], .. "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"u8], Cancellation);
        Assert.Contains("HTTP/1.1 404 ", await ReadAsync(sender), StringComparison.Ordinal);
        Assert.Empty(hub.Log.Faults);
    }

    /// <summary>Sends the head of a message and none of its body.</summary>
    private static async Task<TcpClient> OpenAsync(HubNode hub, int length, string? signature)
    {
        var sender = new TcpClient();
        await sender.ConnectAsync(IPAddress.Loopback, hub.Url.Port, Cancellation);
        var head = $"POST /hub/hank/dske/api/v1/key-share HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
            + (signature is null ? string.Empty : $"DSKE-Signature: {signature}\r\n") + "\r\n";
        await sender.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancellation);
        return sender;
    }

    private static async Task<string> ReadAsync(TcpClient sender)
    {
        var (buffer, text) = (new byte[4096], new StringBuilder());
        while (!text.ToString().Contains('}', StringComparison.Ordinal) && await sender.GetStream().ReadAsync(buffer, Cancellation) is > 0 and var count)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return text.ToString();
    }
}
