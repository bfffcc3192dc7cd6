using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Dske.Tests.Network;

/// <summary>
/// Stands between clients and a hub and relays bytes, until it is told to misbehave as a hub can at the level of sockets. What comes of it
/// begins with the next byte on connections that are open, too.
/// </summary>
internal sealed class MisbehavingFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<RelayedConnection, Task> _connections = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Uri _hub;
    private readonly Task _accepting;
    private volatile Conduct _conduct = Conduct.Proper;

    private MisbehavingFront(Uri hub)
    {
        _hub = hub;
        _listener.Start(backlog: 512);
        Url = new UriBuilder(hub) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>What clients are to take for the hub.</summary>
    public Uri Url { get; }

    /// <summary>How many connections are open on which a request came while the front misbehaved.</summary>
    public int Unanswered => _connections.Keys.Count(connection => connection.IsHeld);

    public static MisbehavingFront Start(Uri hub) => new(hub);

    /// <summary>Changes the conduct. A front that mends its ways closes what is open, as a hub that is started again does.</summary>
    public void Behave(Conduct conduct)
    {
        _conduct = conduct;
        foreach (var connection in conduct == Conduct.Proper ? _connections.Keys : [])
        {
            connection.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var (connection, running) in _connections)
        {
            connection.Close();
            await running;
        }

        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = await _listener.AcceptSocketAsync(_closing.Token);
            }
            catch (SocketException) when (!_closing.IsCancellationRequested)
            {
                // Whoever called has hung up already.
                continue;
            }

            var connection = new RelayedConnection(accepted, _hub, () => _conduct);
            var started = new TaskCompletionSource();
            _connections[connection] = RunAsync(connection, started.Task);
            started.SetResult();
        }
    }

    private async Task RunAsync(RelayedConnection connection, Task started)
    {
        await started;
        await connection.RunAsync();
        _connections.TryRemove(connection, out _);
        connection.Dispose();
    }
}
