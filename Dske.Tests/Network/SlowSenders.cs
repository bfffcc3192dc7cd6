using System.Net.Sockets;
using System.Text;

namespace Dske.Tests.Network;

/// <summary>Connections on which a request comes a byte now and then, and never whole.</summary>
internal sealed class SlowSenders : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<Task<int>> _senders = [];

    /// <summary>Opens a connection.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="head">What is sent at once.</param>
    /// <param name="body">How many bytes of the body are sent at once, too; null for a head that is not whole.</param>
    public void Add(Uri hub, string head, int? body = null)
        => _senders.Add(Task.Run(() => SendAsync(hub, [.. Encoding.ASCII.GetBytes(head + (body is null ? string.Empty : "\r\n")), .. new byte[body ?? 0]])));

    /// <summary>Waits until the hubs have given up all of them.</summary>
    /// <returns>The statuses of their answers.</returns>
    public async Task<IReadOnlyList<int>> UntilGivenUpAsync() => await Task.WhenAll(_senders);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await ((Task)Task.WhenAll(_senders)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task<int> SendAsync(Uri hub, byte[] first)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(hub.Host, hub.Port, _stopping.Token);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It was cut off before this thread learned that it was open.
            return Flood.CutOff;
        }

        using var answered = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var dripping = DripAsync(socket, first, answered.Token);
        var answer = new byte[1024];
        try
        {
            var count = await socket.ReceiveAsync(answer, _stopping.Token);
            return count < 12 ? Flood.CutOff : int.Parse(Encoding.ASCII.GetString(answer, 9, 3), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (SocketException)
        {
            return Flood.CutOff;
        }
        finally
        {
            await answered.CancelAsync();
            await dripping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task DripAsync(Socket socket, byte[] first, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < first.Length;)
        {
            sent += await socket.SendAsync(first.AsMemory(sent), cancellationToken);
        }

        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await socket.SendAsync("x"u8.ToArray(), cancellationToken);
        }
    }
}
