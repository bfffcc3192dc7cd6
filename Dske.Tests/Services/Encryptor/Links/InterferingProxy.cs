using System.Net;
using System.Net.Sockets;

namespace Dske.Tests.Services.Encryptor.Links;

/// <summary>Passes TCP connections on to a server, and changes what a client sends as it is told.</summary>
internal sealed class InterferingProxy : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _ending = new();
    private int _server;

    public InterferingProxy()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
    }

    /// <summary>Given what a client sent, at once, says what to pass on; null to end the connection there, as if it were at its end.</summary>
    public Func<byte[], byte[]?>? Interference { get; set; }

    /// <summary>Stands before a server.</summary>
    public Uri Before(Uri server)
    {
        _server = server.Port;
        _ = RunAsync();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/");
    }

    public void Dispose()
    {
        _ending.Cancel();
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await _listener.AcceptAsync(_ending.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task PassAsync(Socket client)
    {
        using (client)
        {
            try
            {
                using var server = await TcpPeer.ConnectAsync(_server);
                await Task.WhenAny(PassAsync(client, server, bytes => Interference is { } interfere ? interfere(bytes) : bytes), PassAsync(server, client, bytes => bytes));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to, Func<byte[], byte[]?> change)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, SocketFlags.None, _ending.Token) is > 0 and var read && change(buffer[..read]) is { } passed)
            {
                await TcpPeer.SendAsync(to, passed);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }
}
