using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Dske.Hub.Hosting;
using Dske.Hub.Traffic;
using Dske.Protocol.Hubs;
using Dske.Protocol.Secrets;
using Dske.Tests.Fuzzing;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Network;

/// <summary>
/// Somebody floods all hubs at once: he is turned away, takes bounded memory, and others make keys at half their rate or better.
/// </summary>
/// <remarks>
/// Nodes, encryptors and the flood share one process here, and so the machine: that is harder on the keys than it would be if the flood came from
/// elsewhere.
/// </remarks>
[Collection(nameof(WholeProcess))]
[Trait("Tier", "Network")]
public sealed class FloodTests(FloodedNetwork flooded, ITestOutputHelper output) : IClassFixture<FloodedNetwork>
{
    private const int Senders = 25;

    /// <summary>The most requests a second.</summary>
    private const double PerSecond = 500;

    /// <summary>
    /// On a machine that makes fewer than a hundred keys a second without a flood, the flood shrinks likewise: to so many requests in the time of a
    /// key. Its senders are on the same machine, and would take all that is left of it.
    /// </summary>
    private const double PerKey = 5;

    /// <summary>With so many in each of two rounds every limit is reached.</summary>
    private const int Requests = 300;

    /// <summary>So many keys are made in one go.</summary>
    private const int Batch = 40;

    /// <summary>When others use the machine it can take a few rounds until the rates mean something.</summary>
    private const int MaxRounds = 6;

    private const string ForgedSignature = "00000000-0000-4000-8000-000000000002:0:32;AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static readonly string DeepJson = new('[', 8 * 1024);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Out_of_band_requests_without_a_token()
    {
        var answers = await AssertHalfTheRateAsync((_, number, cancellation) => number % 2 == 0
            ? SendAsync(HttpMethod.Get, number / 2, "dske/oob/v1/psrd?client_name=carol&owner=hub&size=16777216", null, cancellation)
            : SendAsync(HttpMethod.Put, number / 2, "dske/oob/v1/registration", """{"client_name":"mallory","encryptor_names":["sam"]}""", cancellation));

        Assert.Equal([401, 429], answers);
    }

    [Fact(Timeout = 240_000)]
    public async Task Huge_bodies()
    {
        var announced = flooded.Network.Hubs.Select(hub => Encoding.ASCII.GetBytes(HeadOf(hub, UnverifiedBodies.MaxBody + 1, "Connection: close\r\n") + "\r\n")).ToArray();
        var chunked = new byte[UnverifiedBodies.MaxBody + 1];
        var answers = await AssertHalfTheRateAsync(async (_, number, cancellation) => number % 100 != 0
            ? await RawRequest.SendAsync(flooded.Network.Hubs[number % 5].Url, announced[number % 5], ends: false) ?? Flood.CutOff
            : await SendAsync(HttpMethod.Post, number / 100, "dske/api/v1/key-share", new ByteArrayContent(chunked), isChunked: true, cancellation));

        // The sender of a body that is refused before its end may find the connection closed instead of an answer.
        Assert.Equal([413], answers.Where(status => status is not (Flood.CutOff or 503)));
    }

    [Fact(Timeout = 240_000)]
    public async Task Deep_JSON()
    {
        var tokens = LoopbackNetwork.HubNames.Select(flooded.TokenOfCelia).ToArray();
        var answers = await AssertHalfTheRateAsync((_, number, cancellation) => number % 2 == 0
            ? SendAsync(HttpMethod.Post, number / 2, "dske/api/v1/key-share", DeepJson, cancellation)
            : SendAsync(HttpMethod.Put, number / 2, "dske/oob/v1/registration", DeepJson, cancellation, tokens[number / 2 % 5]));

        Assert.Equal([400, 429], answers);
    }

    [Fact(Timeout = 240_000)]
    public async Task Key_after_key_of_one_client()
    {
        var value = new byte[32];
        var answers = await AssertHalfTheRateAsync(
            async (sender, _, _) => (await flooded.Celia[sender].SendAsync(flooded.Celia[sender].Post(SystemEntropySource.Instance.NextUuid(), "serena", "sofia", value))).Status,
            flooded.Celia.Count);

        Assert.Equal([200, 429], answers);
        Assert.All(flooded.Network.Hubs, hub => Assert.Equal(
            FloodedNetwork.MaxSharesPerClient,
            hub.Services.GetRequiredService<HubEngine>().GetShares(int.MaxValue).Count(share => share.ClientName.Value == "celia")));
    }

    [Fact(Timeout = 240_000)]
    public async Task Slow_senders_with_the_room_for_unverified_bodies_in_their_hands()
    {
        var rounds = new List<(TimeSpan Calm, TimeSpan Flood)>();
        IReadOnlyList<int> answers = [];
        for (var round = 0; round < MaxRounds && (round < 2 || !IsHalfTheRate(rounds)); round++)
        {
            var calm = await MeasureAsync();
            await using var senders = new SlowSenders();
            foreach (var hub in flooded.Network.Hubs)
            {
                for (var i = 0; i < 20; i++)
                {
                    senders.Add(hub.Url, "GET /");
                    senders.Add(hub.Url, HeadOf(hub, 1000), body: 1);
                }

                senders.Add(hub.Url, HeadOf(hub, UnverifiedBodies.MaxBody), UnverifiedBodies.MaxBody - 50);
                senders.Add(hub.Url, HeadOf(hub, UnverifiedBodies.MaxBody), UnverifiedBodies.MaxBody - 50);
            }

            await Eventually.TrueAsync(() => flooded.Bodies.All(bodies => bodies.Held > FloodedNetwork.MaxUnverifiedBytes - 200), "the room is taken");
            foreach (var hub in flooded.Network.Hubs)
            {
                senders.Add(hub.Url, HeadOf(hub, UnverifiedBodies.MaxBody), UnverifiedBodies.MaxBody - 50);
            }

            rounds.Add((calm, await MeasureAsync()));
            AssertBounded();
            answers = round == 1 ? await senders.UntilGivenUpAsync() : answers;
        }

        output.WriteLine($"{Describe(rounds)}; {string.Join(' ', answers.GroupBy(status => status).Select(group => $"{group.Count()} x {group.Key}"))}");
        Assert.True(IsHalfTheRate(rounds), Describe(rounds));
        Assert.Equal([408, 503], answers.Distinct().Order().Where(status => status != Flood.CutOff));
        await Eventually.TrueAsync(() => flooded.Bodies.All(bodies => bodies.Held == 0), "there is room again");
        await AssertUnharmedAsync();
    }

    /// <summary>Makes keys in turns with and without the flood.</summary>
    /// <returns>The statuses that the flood was answered with.</returns>
    private async Task<IReadOnlyList<int>> AssertHalfTheRateAsync(Func<int, int, CancellationToken, Task<int>> send, int senders = Senders)
    {
        var rounds = new List<(TimeSpan Calm, TimeSpan Flood)>();
        var answers = new Dictionary<int, int>();
        var rates = new List<double>();
        for (var round = 0; round < MaxRounds && (round < 2 || !IsHalfTheRate(rounds)); round++)
        {
            var calm = await MeasureAsync();
            await using var requests = Flood.Start(senders, Math.Min(PerSecond, PerKey * Batch / calm.TotalSeconds), send);
            rounds.Add((calm, await MeasureAsync()));
            await Eventually.TrueAsync(() => requests.IsOver || requests.Answers.Values.Sum() >= Requests, "the flood was one");
            AssertBounded();
            rates.Add(await requests.StopAsync());
            foreach (var (status, count) in requests.Answers)
            {
                answers[status] = answers.GetValueOrDefault(status) + count;
            }
        }

        output.WriteLine($"{Describe(rounds)} {string.Join(" and ", rates.Select(rate => $"{rate:F0}"))} requests a second; {string.Join(' ', answers.Select(answer => $"{answer.Value} x {answer.Key}"))}");
        Assert.True(IsHalfTheRate(rounds), Describe(rounds));
        await AssertUnharmedAsync();
        return [.. answers.Keys.Order()];
    }

    /// <summary>By the median of the rounds, the lower one of an even number: whatever else the machine did in one of them does not count.</summary>
    private static bool IsHalfTheRate(List<(TimeSpan Calm, TimeSpan Flood)> rounds)
        => rounds.Select(round => round.Flood / round.Calm).Order().ElementAt((rounds.Count - 1) / 2) <= 2;

    private static string Describe(IEnumerable<(TimeSpan Calm, TimeSpan Flood)> rounds)
        => $"{Batch} keys took, in seconds without and with: {string.Join(", ", rounds.Select(round => $"{round.Calm.TotalSeconds:F2} and {round.Flood.TotalSeconds:F2}"))}";

    private async Task<TimeSpan> MeasureAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Batch), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation }, async (_, _) => await flooded.Network.DeliverAsync());
        return TimeProvider.System.GetElapsedTime(began);
    }

    /// <summary>What is not verified takes the room that it is given, a quarter more if short, and what each sender has in the air.</summary>
    private void AssertBounded()
        => Assert.All(flooded.Bodies, bodies => Assert.InRange(bodies.Held, 0, FloodedNetwork.MaxUnverifiedBytes * 5 / 4 + (64 * 16 * 1024)));

    /// <summary>Nothing went wrong, and every hub still does its part.</summary>
    private async Task AssertUnharmedAsync()
    {
        Assert.Equal(string.Empty, string.Join("\n\n", flooded.Network.Hubs.SelectMany(hub => hub.Log.Faults)));
        await flooded.Network.UntilReadyAsync();
    }

    private Task<int> SendAsync(HttpMethod method, int number, string resource, string? body, CancellationToken cancellationToken, string? token = null)
        => SendAsync(method, number, resource, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), isChunked: false, cancellationToken, token);

    private async Task<int> SendAsync(HttpMethod method, int number, string resource, HttpContent? body, bool isChunked, CancellationToken cancellationToken, string? token = null)
    {
        var hub = flooded.Network.Hubs[number % flooded.Network.Hubs.Count];
        using var request = new HttpRequestMessage(method, new Uri(hub.Url, $"{hub.Root}/{resource}")) { Content = body };
        request.Headers.TransferEncodingChunked = isChunked ? true : null;
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("DSKE-Signature", ForgedSignature);
        using var answer = await flooded.Client.SendAsync(request, cancellationToken);
        return (int)answer.StatusCode;
    }

    /// <summary>The head of a message that looks authentic, without the line that ends it.</summary>
    private static string HeadOf(LoopbackNode<HubOptions> hub, int length, string more = "")
        => string.Create(CultureInfo.InvariantCulture, $"POST {hub.Root}/dske/api/v1/key-share HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nDSKE-Signature: {ForgedSignature}\r\n{more}");
}
