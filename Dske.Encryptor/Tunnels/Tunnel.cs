using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Dske.Encryptor.Links;

namespace Dske.Encryptor.Tunnels;

/// <summary>A tunnel at the end where it begins: listens, and carries each connection over a stream of its own.</summary>
/// <remarks>Safe for concurrent use. Connections outlive a change of the settings, and end with the tunnel.</remarks>
internal sealed class Tunnel : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly StreamOpener _opener;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly CountdownEvent _running = new(1);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _connections;
    private long _failures;
    private int _open;
    private volatile string? _problem;

    public Tunnel(TunnelSettings settings, StreamOpener opener, TimeProvider time) => (Settings, _opener, _time) = (settings, opener, time);

    /// <summary>How it is to be. Where it listens does not change.</summary>
    public TunnelSettings Settings { get; set; }

    /// <summary>Connections so far.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Those that were broken off.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Those that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Why it does not listen, or what became of the latest connection that came to nothing; null when all is well.</summary>
    public string? Problem => _problem;

    /// <summary>Whether it listens.</summary>
    public bool IsListening => Volatile.Read(ref _listener) is not null;

    /// <summary>Listens, or says why it cannot.</summary>
    public bool TryListen([NotNullWhen(false)] out string? problem)
    {
        if (!TryBind(out var listener, out problem))
        {
            return false;
        }

        _accepting = AcceptAsync(listener);
        return true;
    }

    /// <summary>Listens as soon as that can be done.</summary>
    public void ListenWhenPossible() => _accepting = ListenWhenPossibleAsync();

    /// <summary>Stops to listen, and resets what is open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Volatile.Read(ref _listener)?.Dispose();
        await _accepting;
        Leave();
        await _idle.Task;
        _ending.Dispose();
        _running.Dispose();
    }

    private async Task ListenWhenPossibleAsync()
    {
        Socket? listener;
        while (!TryBind(out listener, out _))
        {
            try
            {
                await Task.Delay(RetryInterval, _time, _ending.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }

        await AcceptAsync(listener);
    }

    private bool TryBind([NotNullWhen(true)] out Socket? listener, [NotNullWhen(false)] out string? problem)
    {
        var listen = Settings.Listen;
        listener = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(listen);
            listener.Listen(Backlog);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            listener = null;
            _problem = problem = $"{listen} cannot be listened on: {e.SocketErrorCode}.";
            return false;
        }

        _problem = problem = null;
        Volatile.Write(ref _listener, listener);
        return true;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket local;
            try
            {
                local = await listener.AcceptAsync(_ending.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (!_ending.IsCancellationRequested)
            {
                // The caller was gone before it was accepted, or there are no descriptors for it. These take a while to come back.
                await Task.Delay(AcceptPause, _time, CancellationToken.None);
                continue;
            }
            catch (SocketException)
            {
                return;
            }

            Interlocked.Increment(ref _connections);
            if (Open >= LinkLimits.MaxStreams)
            {
                // A link takes no more; those that wait for it hold descriptors which the encryptor needs to bring it up.
                Interlocked.Increment(ref _failures);
                _problem = "The tunnel has as many connections as a link takes.";
                TunnelRelay.Reset(local);
                local.Dispose();
                continue;
            }

            _running.AddCount();
            _ = ServeAsync(local);
        }
    }

    private async Task ServeAsync(Socket local)
    {
        Interlocked.Increment(ref _open);
        try
        {
            local.NoDelay = true;
            _problem = await CarryAsync(local);
            if (_problem is not null)
            {
                Interlocked.Increment(ref _failures);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            Interlocked.Increment(ref _failures);
            TunnelRelay.Reset(local);
        }
        finally
        {
            local.Dispose();
            Interlocked.Decrement(ref _open);
            Leave();
        }
    }

    private async Task<string?> CarryAsync(Socket local)
    {
        var settings = Settings;
        var (opened, problem) = await _opener.OpenAsync(settings.Peer, settings.Target, _ending.Token);
        if (opened is null)
        {
            TunnelRelay.Reset(local);
            return problem;
        }

        await using (opened)
        {
            return await TunnelRelay.RunAsync(local, opened.Stream) ? null : "A connection was broken off.";
        }
    }

    private void Leave()
    {
        if (_running.Signal())
        {
            _idle.TrySetResult();
        }
    }
}
