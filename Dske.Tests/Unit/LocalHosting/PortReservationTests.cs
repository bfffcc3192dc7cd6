using System.Net;
using System.Net.Sockets;

namespace Dske.Tests.Unit.LocalHosting;

[Trait("Tier", "Unit")]
public sealed class PortReservationTests
{
    [Fact]
    public void No_port_is_given_twice_while_it_is_held()
    {
        var held = Enumerable.Range(0, 200).Select(_ => PortReservation.Take()).ToList();
        try
        {
            Assert.Equal(held.Count, held.Select(reservation => reservation.Port).Distinct().Count());
        }
        finally
        {
            held.ForEach(reservation => reservation.Dispose());
        }
    }

    [Fact]
    public void The_process_that_a_port_is_held_for_can_listen_on_it()
    {
        using var reservation = PortReservation.Take();
        reservation.MakeWayForListener();

        IPAddress[] addresses = Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];
        foreach (var address in addresses)
        {
            using var listener = new TcpListener(address, reservation.Port);
            listener.Start();
        }
    }
}
