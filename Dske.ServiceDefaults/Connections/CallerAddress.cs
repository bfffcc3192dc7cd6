using System.Net;
using System.Net.Sockets;

namespace Dske.ServiceDefaults.Connections;

/// <summary>What of an address tells one caller from another.</summary>
public static class CallerAddress
{
    private const int NetworkSize = 8;

    /// <summary>
    /// The address as text; of one of IPv6 its first 64 bits, since whoever has one of those has 2⁶⁴. Empty when there is none, as on a Unix socket.
    /// </summary>
    /// <param name="address">The address, possibly IPv4 mapped to IPv6; null where the connection has none.</param>
    public static string Describe(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        return address is { AddressFamily: AddressFamily.InterNetworkV6 }
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, NetworkSize))
            : address?.ToString() ?? string.Empty;
    }
}
