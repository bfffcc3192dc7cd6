namespace Dske.Benchmarks.Guard;

/// <summary>
/// The processor time of an exchange over a hub (a share handed in, and fetched by another client) as a multiple of the same messages to and from a
/// server that does nothing with them. The sender is part of both.
/// </summary>
internal sealed class ShareExchangeRatio : IGuardedRatio
{
    private const int WarmUpExchanges = 10_000;

    // The two take turns within a round as well, so that what else the machine does strikes both.
    private const int TurnsPerRound = 10;
    private const int ExchangesPerTurn = 150;

    // On a machine that is very busy there are fewer exchanges, rather than more time.
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan TurnTime = TimeSpan.FromMilliseconds(200);

    private readonly GuardedHub _hub;
    private readonly EchoServer _echo;
    private readonly ExchangeSender _toHub;
    private readonly ExchangeSender _toEcho;

    private ShareExchangeRatio(GuardedHub hub, EchoServer echo)
    {
        (_hub, _echo) = (hub, echo);
        (_toHub, _toEcho) = (new ExchangeSender(hub.Url, TimeProvider.System), new ExchangeSender(echo.Url, TimeProvider.System));
    }

    /// <inheritdoc />
    public string Name => "a share over a hub, against the bare HTTP exchange";

    /// <summary>
    /// It was 1.9 to 3.0 on two cores that builds and tests kept busy besides. At 5 a hub does at least twice as much for a share as it did then, which no
    /// noise has come near. To be lowered when the hub becomes faster.
    /// </summary>
    public double Limit => 5;

    /// <summary>Starts both servers.</summary>
    public static async Task<ShareExchangeRatio> StartAsync()
    {
        var hub = await GuardedHub.StartAsync();

        // One exchange past the network tells how large answers are.
        var (post, get) = hub.Prepare(1)[0];
        var posted = await hub.Engine.PostKeyShareAsync(post.Query, post.Body.Span, post.Signature);
        var fetched = await hub.Engine.GetKeyShareAsync(get.Query, hasBody: false, get.Signature, CancellationToken.None);
        return new ShareExchangeRatio(hub, await EchoServer.StartAsync(posted, fetched));
    }

    /// <inheritdoc />
    public async Task WarmUpAsync()
    {
        var exchanges = _hub.Prepare(WarmUpExchanges);
        await _toHub.SendAsync(exchanges, WarmUpTime);
        await _toEcho.SendAsync(exchanges, WarmUpTime);
    }

    /// <inheritdoc />
    public async Task<double> MeasureRoundAsync()
    {
        var (overHub, overEcho) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var turn = 0; turn < TurnsPerRound; turn++)
        {
            var exchanges = _hub.Prepare(ExchangesPerTurn);
            overHub += await _toHub.SendAsync(exchanges, TurnTime);
            overEcho += await _toEcho.SendAsync(exchanges, TurnTime);
        }

        return overHub / overEcho;
    }

    public async ValueTask DisposeAsync()
    {
        _toHub.Dispose();
        _toEcho.Dispose();
        await _hub.DisposeAsync();
        await _echo.DisposeAsync();
    }
}
