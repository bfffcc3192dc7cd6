using System.Net;
using System.Net.Sockets;

namespace Dske.LocalHosting;

/// <summary>
/// Holds a free port of loopback for one endpoint, as long as the application runs. On Linux a socket that is bound but does not
/// listen keeps the kernel from giving the port to anyone who asks for a free one, outgoing connections included, while the process
/// that the port is meant for can still listen on it: its listener sets SO_REUSEADDR, as every listener of .NET does. A restart thus
/// finds the port free. Elsewhere the port is let go before the processes start.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private const int Attempts = 50;

    private readonly List<Socket> _held = [];

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>Finds and holds a port that is free for IPv4 and, where there is IPv6, for that too.</summary>
    /// <exception cref="DistributedApplicationException">No port is free.</exception>
    public static PortReservation Take()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var reservation = new PortReservation();
            if (reservation.TryHold(IPAddress.Loopback) && (!Socket.OSSupportsIPv6 || reservation.TryHold(IPAddress.IPv6Loopback)))
            {
                return reservation;
            }

            reservation.Dispose();
        }

        throw new DistributedApplicationException("No free port was found on loopback.");
    }

    /// <summary>Lets the port go where holding it would keep the process from listening on it.</summary>
    public void MakeWayForListener()
    {
        if (!OperatingSystem.IsLinux())
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _held.ForEach(socket => socket.Dispose());
        _held.Clear();
    }

    private bool TryHold(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _held.Add(socket);
        try
        {
            socket.Bind(new IPEndPoint(address, Port));
            Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
