using System.ComponentModel;
using System.Net;
using System.Text.Json.Serialization;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Tunnels;
using Dske.Protocol.Identifiers;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Endpoints;

/// <summary>A request to make a tunnel. Also how it is kept over a restart.</summary>
/// <param name="Listen">Where to listen.</param>
/// <param name="Peer">The peer at whose end it leads on.</param>
/// <param name="Target">Where it leads from there.</param>
internal sealed record TunnelRequest(
    [property: JsonPropertyName("listen")]
    [property: Description("The address and port to listen on, such as 127.0.0.1:9001. Other addresses than of this machine alone have to be allowed in the configuration.")]
    string Listen,

    [property: JsonPropertyName("peer")]
    [property: Description("The SAE ID of the peer at whose end the tunnel leads on.")]
    string Peer,

    [property: JsonPropertyName("target")]
    [property: Description("Where it leads from there, such as 127.0.0.1:9002. The peer's configuration has to list it.")]
    string Target)
{
    private const int MaxNameLength = 63;

    /// <summary>Whether a tunnel can be named so: 1 to 63 of a-z, A-Z, 0-9, '-', '_' and '.'.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>What is wrong, by member.</summary>
    /// <param name="beyondLoopback">Whether it may listen on other addresses than loopback.</param>
    public Dictionary<string, string[]> FindErrors(bool beyondLoopback)
    {
        var errors = new Dictionary<string, string[]>();
        if (!TryReadListen(out var listen))
        {
            errors["listen"] = ["It is an IP address and a port, such as 127.0.0.1:9001."];
        }
        else if (!beyondLoopback && !IPAddress.IsLoopback(listen.Address))
        {
            errors["listen"] = [$"It is a loopback address, unless the configuration sets {TunnelOptions.Section}:{nameof(TunnelOptions.ListenBeyondLoopback)}."];
        }

        if (!SaeId.TryParse(Peer, out _))
        {
            errors["peer"] = [$"An SAE ID has 1 to {SaeId.MaxLength} printable characters."];
        }

        if (!StreamTarget.TryParse(Target, out _))
        {
            errors["target"] = ["It is an IP address or a host name, and a port, such as 127.0.0.1:9002."];
        }

        return errors;
    }

    /// <summary>The same, typed. There are no errors.</summary>
    public TunnelSettings ToSettings(string name, Peer peer) => TryReadListen(out var listen) && StreamTarget.TryParse(Target, out var target)
        ? new TunnelSettings(name, listen, peer, target)
        : throw new InvalidOperationException("A request with errors is no tunnel.");

    // The strict reader of targets: 127.1 is an address to some.
    private bool TryReadListen([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPEndPoint? listen)
    {
        listen = StreamTarget.TryParse(Listen, out var read) && IPAddress.TryParse(read.Host, out var address) ? new IPEndPoint(address, read.Port) : null;
        return listen is not null;
    }
}
