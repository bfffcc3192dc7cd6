using System.Net.Sockets;

namespace Dske.Tests.Network;

/// <summary>A connection that passes a <see cref="MisbehavingFront"/>.</summary>
/// <param name="client">The client's end; this connection's to dispose.</param>
/// <param name="hub">Where the other end is.</param>
/// <param name="conduct">Tells what to do with what comes.</param>
internal sealed class RelayedConnection(Socket client, Uri hub, Func<Conduct> conduct) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private volatile bool _isHeld;

    /// <summary>Whether a request came that was not, or is not to be, answered as it ought to.</summary>
    public bool IsHeld => _isHeld;

    /// <summary>Relays until one end closes, or <see cref="Close"/> is called.</summary>
    public async Task RunAsync()
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            if (conduct() != Conduct.Resets)
            {
                await server.ConnectAsync(hub.Host, hub.Port, _closing.Token);
                Task[] both = [RelayRequestsAsync(server), RelayAnswersAsync(server)];
                await Task.WhenAny(both);
                await _closing.CancelAsync();
                await Task.WhenAll(both);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One of the ends is gone.
        }

        if (conduct() == Conduct.Resets)
        {
            client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        client.Close();
    }

    /// <summary>Ends it. Harmless when it is over.</summary>
    public void Close()
    {
        try
        {
            _closing.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was quicker.
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _closing.Dispose();
    }

    private async Task RelayRequestsAsync(Socket server)
    {
        var buffer = new byte[16 * 1024];
        while (await client.ReceiveAsync(buffer, _closing.Token) is > 0 and var count && conduct() is not Conduct.Resets and var now)
        {
            _isHeld |= now != Conduct.Proper;
            if (now != Conduct.Hangs)
            {
                await SendAsync(server, buffer.AsMemory(0, count));
            }
        }
    }

    private async Task RelayAnswersAsync(Socket server)
    {
        var buffer = new byte[16 * 1024];
        using var timer = new PeriodicTimer(Pause);
        while (await server.ReceiveAsync(buffer, _closing.Token) is > 0 and var count && conduct() is not Conduct.Resets and var now)
        {
            for (var i = 0; now == Conduct.Trickles && i < count && await timer.WaitForNextTickAsync(_closing.Token); i++)
            {
                await SendAsync(client, buffer.AsMemory(i, 1));
            }

            if (now == Conduct.Proper)
            {
                await SendAsync(client, buffer.AsMemory(0, count));
            }
        }
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes, _closing.Token)..];
        }
    }
}
