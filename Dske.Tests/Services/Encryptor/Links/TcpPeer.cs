using System.Net;
using System.Net.Sockets;

namespace Dske.Tests.Services.Encryptor.Links;

/// <summary>A TCP service of a test's own, behind a tunnel.</summary>
internal sealed class TcpPeer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TcpPeer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
    }

    /// <summary>Listens on the first port of a range that is free.</summary>
    public TcpPeer(int first, int last)
    {
        for (var port = first; !_listener.IsBound; port++)
        {
            try
            {
                _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException) when (port < last)
            {
            }
        }

        _listener.Listen(512);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public ValueTask<Socket> AcceptAsync() => _listener.AcceptAsync(TestContext.Current.CancellationToken);

    /// <summary>Sends back what comes on every connection, and ends each when it ends.</summary>
    public async Task EchoAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }

            _ = EchoAsync(socket);
        }
    }

    /// <summary>Connects. Whoever is reset at once learns of it when reading, not here: on loopback a connection stands when this call returns.</summary>
    public static Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // Not asynchronously: that reports a reset that came in between as a failure to connect.
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            return Task.FromResult(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return Task.FromException<Socket>(e);
        }
    }

    public static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, TestContext.Current.CancellationToken)..];
        }
    }

    /// <summary>Reads so many bytes, or what comes before the end.</summary>
    public static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count && await socket.ReceiveAsync(bytes.AsMemory(read), SocketFlags.None, TestContext.Current.CancellationToken) is > 0 and var more)
        {
            read += more;
        }

        return bytes[..read];
    }

    /// <summary>Whether the connection is reset, rather than ended or open.</summary>
    public static async Task<bool> IsResetAsync(Socket socket)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await socket.ReceiveAsync(buffer, SocketFlags.None, TestContext.Current.CancellationToken) > 0)
            {
            }

            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    public void Dispose() => _listener.Dispose();

    private static async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (await socket.ReceiveAsync(buffer, SocketFlags.None, TestContext.Current.CancellationToken) is > 0 and var read)
                {
                    await SendAsync(socket, buffer.AsMemory(0, read));
                }

                socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
            }
        }
    }
}
