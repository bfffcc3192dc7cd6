using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Connections;

/// <summary>Closes connections of an address that has too many already, before a byte of them is read.</summary>
/// <remarks>Safe for concurrent use: one lock.</remarks>
internal sealed class ConnectionLimit(IOptions<ConnectionOptions> options, IMeterFactory meters)
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Dske.Connections";

    private readonly Counter<long> _refused = meters.Create(MeterName).CreateCounter<long>(
        "dske.connections.refused", "{connection}", "Connections that were closed at once, since their address has too many.");

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>Serves a connection, or closes it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="next">Serves it.</param>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = CallerAddress.Describe((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!TryEnter(address))
        {
            _refused.Add(1);
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(address);
        }
    }

    private bool TryEnter(string address)
    {
        using (_lock.EnterScope())
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, address, out _);
            if (count >= options.Value.MaxPerAddress)
            {
                return false;
            }

            count++;
            return true;
        }
    }

    private void Leave(string address)
    {
        using (_lock.EnterScope())
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_counts, address) == 0)
            {
                _counts.Remove(address);
            }
        }
    }
}
