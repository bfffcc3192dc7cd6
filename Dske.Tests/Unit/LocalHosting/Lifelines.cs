using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dske.Tests.Unit.LocalHosting;

/// <summary>
/// Tells when a process is gone, without asking again and again: each sample node holds a connection that the operating system closes
/// with the process, however it ends.
/// </summary>
internal sealed class Lifelines : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Lifelines() => _listener.Start();

    public string Port => ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

    public async Task<Lifeline> AcceptAsync(CancellationToken cancellationToken)
    {
        var stream = new NetworkStream(await _listener.AcceptSocketAsync(cancellationToken), ownsSocket: true);
        var greeting = new StringBuilder();
        var letter = new byte[1];
        while (await stream.ReadAsync(letter, cancellationToken) > 0 && letter[0] != '\n')
        {
            greeting.Append((char)letter[0]);
        }

        var parts = greeting.ToString().Split(' ');
        return new Lifeline(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), stream);
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    internal sealed record Lifeline(string Name, int ProcessId, NetworkStream Stream)
    {
        /// <summary>Waits until the process is gone.</summary>
        public async Task WaitForEndAsync(CancellationToken cancellationToken)
        {
            try
            {
                Assert.Equal(0, await Stream.ReadAsync(new byte[1], cancellationToken));
            }
            catch (IOException)
            {
                // Gone, and reset.
            }
        }
    }
}
