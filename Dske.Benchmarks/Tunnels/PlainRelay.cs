using System.Net;
using System.Net.Sockets;

namespace Dske.Benchmarks.Tunnels;

/// <summary>What a tunnel is compared with: passes each connection on as it is, over a copy through a buffer of 64 KiB in each direction.</summary>
internal sealed class PlainRelay : IDisposable
{
    private readonly Socket _listener;
    private readonly int _target;

    public PlainRelay(int port, int target)
    {
        _target = target;
        _listener = Listen(port);
        _ = RunAsync();
    }

    public static Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        return listener;
    }

    public static async Task<Socket> ConnectAsync(int port, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stop);
        return socket;
    }

    public void Dispose() => _listener.Dispose();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task PassAsync(Socket client)
    {
        using (client)
        {
            client.NoDelay = true;
            using var server = await ConnectAsync(_target, CancellationToken.None);
            await Task.WhenAll(PassAsync(client, server), PassAsync(server, client));
        }
    }

    private static async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                for (var rest = buffer.AsMemory(0, read); rest.Length > 0;)
                {
                    rest = rest[await to.SendAsync(rest)..];
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other direction notices, too.
        }
    }
}
