using System.Collections.Concurrent;
using Dske.Console.Network;
using Dske.Tests.Network.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using static Dske.Tests.Unit.Console.Network.Readings;

namespace Dske.Tests.Unit.Console.Network;

[Trait("Tier", "Unit")]
public sealed class NetworkPollerTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly NetworkWatch _watch = new();
    private readonly ScriptedReader _reader = new();
    private readonly NetworkPoller _poller;

    public NetworkPollerTests()
    {
        _time.SetUtcNow(Start);
        _poller = new NetworkPoller(Settings, _reader, _watch, _time, NullLogger<NetworkPoller>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _poller.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Every_node_is_asked_and_what_it_answers_is_published()
    {
        await _poller.PollAsync(Cancellation);

        Assert.Equal(Settings.Nodes.Select(node => node.Name).Order(), _reader.Asked.Order());
        Assert.All(_watch.Current!.Nodes, node => Assert.Equal(NodeHealth.Ready, node.Health));
        Assert.Equal(Start, _watch.Current.TakenAt);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_node_that_hangs_holds_up_nobody_is_not_asked_again_meanwhile_and_counts_when_it_answers()
    {
        var hank = _reader.Hold("hank");
        var poll = _poller.PollAsync(Cancellation);
        _time.Advance(NetworkPoller.Patience);
        await poll;

        Assert.Equal(NodeHealth.Unknown, _watch.Current!.Find("hank")!.Health);
        Assert.Equal(NodeHealth.Ready, _watch.Current.Find("carol")!.Health);

        poll = _poller.PollAsync(Cancellation);
        _time.Advance(NetworkPoller.Patience);
        await poll;
        Assert.Equal(1, _reader.Asked.Count(name => name == "hank"));
        Assert.Equal(2, _reader.Asked.Count(name => name == "carol"));

        hank.SetResult(Down("hank"));
        await _poller.PollAsync(Cancellation);
        Assert.Equal(NodeHealth.Down, _watch.Current.Find("hank")!.Health);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nodes_are_asked_seldom_until_somebody_looks_and_often_then()
    {
        await _poller.StartAsync(Cancellation);
        await _time.UntilTimersRunAsync(NetworkPoller.IdleInterval);
        _time.Advance(NetworkPoller.IdleInterval - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Rounds);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await RoundsAsync(2);
        await _time.UntilTimersRunAsync(NetworkPoller.IdleInterval);

        // One who comes does not wait for the next round.
        using var viewer = _watch.Subscribe(() => { });
        await RoundsAsync(3);
        for (var round = 4; round < 8; round++)
        {
            await _time.UntilTimersRunAsync(Settings.PollInterval);
            _time.Advance(Settings.PollInterval);
            await RoundsAsync(round);
        }

        await _poller.StopAsync(Cancellation);
    }

    [Fact]
    public void Large_networks_are_asked_less_often()
    {
        var nodes = Enumerable.Range(0, 216).Select(i => new MonitoredNode($"n{i}", NodeKind.Hub, new Uri("http://localhost:1"))).ToList();
        using var large = new NetworkPoller(Settings with { Nodes = nodes }, _reader, _watch, _time, NullLogger<NetworkPoller>.Instance);

        Assert.Equal(Settings.PollInterval, _poller.Interval);
        Assert.Equal(TimeSpan.FromMilliseconds(2160), large.Interval);
    }

    private int Rounds => _reader.Asked.Count(name => name == "sam");

    private Task RoundsAsync(int rounds) => Eventually.TrueAsync(() => Rounds >= rounds, $"round {rounds}");

    private sealed class ScriptedReader : INodeReader
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource<NodeReading>> _held = new();

        public ConcurrentQueue<string> Asked { get; } = new();

        public TaskCompletionSource<NodeReading> Hold(string node) => _held[node] = new TaskCompletionSource<NodeReading>();

        public Task<NodeReading> ReadAsync(MonitoredNode node, CancellationToken cancellationToken)
        {
            Asked.Enqueue(node.Name);
            return _held.TryGetValue(node.Name, out var held) ? held.Task : Task.FromResult(Ready(node.Name));
        }
    }
}
