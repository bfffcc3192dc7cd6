using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace Dske.Protocol.SecureLinks;

/// <summary>What a stream is for, the payload of its first record: a byte that says of which kind it is, and for a tunnel where it leads.</summary>
/// <param name="Host">An IP address or a host name that the accepter resolves; null for a message.</param>
/// <param name="Port">The TCP port, 1 to 65535; 0 for a message.</param>
public sealed record StreamTarget(string? Host, int Port)
{
    /// <summary>The most bytes of it.</summary>
    public const int MaxSize = 1 + MaxText;

    private const int MaxText = 300;
    private const byte TunnelKind = 1;
    private const byte MessageKind = 2;

    /// <summary>A stream that carries one message.</summary>
    public static StreamTarget Message { get; } = new(null, 0);

    /// <summary>Whether the stream carries a message rather than a connection.</summary>
    public bool IsMessage => Host is null;

    /// <summary>Reads <c>host:port</c>, <c>127.0.0.1:9002</c> or <c>[::1]:9002</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="target">What was read, when the result is true.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out StreamTarget? target)
    {
        target = null;
        if (text is null || text.Length > MaxText)
        {
            return false;
        }

        var colon = text.LastIndexOf(':');
        if (colon < 1
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > ushort.MaxValue
            || text[colon + 1] == '0')
        {
            return false;
        }

        var host = text[..colon];
        if (host.StartsWith('[') != host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        if (host.StartsWith('['))
        {
            if (!host.EndsWith(']') || !IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var address) || address.ScopeId != 0)
            {
                return false;
            }

            host = address.ToString();
        }
        else if (IPAddress.TryParse(host, out var address) ? address.ToString() != host : !IsHostName(host))
        {
            // 127.1 and 0x7f000001 are addresses to some, and look like none on a list.
            return false;
        }

        target = new StreamTarget(host, port);
        return true;
    }

    /// <summary>Writes the payload.</summary>
    /// <param name="destination">Where to: at least <see cref="MaxSize"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public int Write(Span<byte> destination)
    {
        destination[0] = IsMessage ? MessageKind : TunnelKind;
        return 1 + (IsMessage ? 0 : Encoding.ASCII.GetBytes(ToString(), destination[1..]));
    }

    /// <summary>Reads the payload.</summary>
    /// <param name="source">The payload.</param>
    /// <param name="target">What was read, when the result is true.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out StreamTarget? target)
    {
        target = null;
        if (source.Length is 0 or > MaxSize)
        {
            return false;
        }

        if (source[0] == MessageKind)
        {
            target = source.Length == 1 ? Message : null;
            return target is not null;
        }

        return source[0] == TunnelKind && Ascii.IsValid(source[1..]) && TryParse(Encoding.ASCII.GetString(source[1..]), out target);
    }

    /// <summary>The target as <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => Host switch
    {
        null => "message",
        _ when Host.Contains(':', StringComparison.Ordinal) => string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}"),
    };

    private static bool IsHostName(string host) =>
        host.Length <= 253
        && host.Split('.').All(static label => label.Length is > 0 and <= 63
            && label.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && label[0] != '-'
            && label[^1] != '-')
        && !char.IsAsciiDigit(host[^1]);
}
