using System.Net;
using Dske.ServiceDefaults.Tls;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Dske.ServiceDefaults.Access;

/// <summary>Tells local callers from remote ones, and a user's own tools from a web page that speaks through the user's browser.</summary>
internal sealed class AccessPolicy : IDisposable
{
    private static readonly string[] ForwardingHeaders = [HeaderNames.Via, "Forwarded", "X-Real-IP"];
    private static readonly string[] ForwardingPrefixes = ["X-Forwarded-", "X-Original-"];

    private readonly bool _trustFront;
    private readonly HashSet<string> _allowedHosts;
    private readonly OperatorToken? _operatorToken;

    public AccessPolicy(IOptions<AccessOptions> options)
    {
        _trustFront = options.Value.TrustFront;
        _allowedHosts = new HashSet<string>(options.Value.AllowedHosts, StringComparer.OrdinalIgnoreCase);
        if (options.Value.OperatorTokenFile is { Length: > 0 } file)
        {
            OperatorToken.TryRead(file, out _operatorToken, out var problem);
            Problem = problem is null ? null : $"{AccessOptions.Section}:{nameof(AccessOptions.OperatorTokenFile)} cannot be used: {problem}";
        }
    }

    /// <summary>What keeps the node from starting, and what to do; null when nothing does.</summary>
    public string? Problem { get; }

    /// <summary>
    /// Whether the caller sits on this machine, as far as a server can tell: both ends of the connection are loopback addresses and
    /// no proxy says that it speaks for somebody else. An encrypted connection counts as well, unless its caller was asked for a certificate and
    /// showed none: the TLS layer vouches for its caller.
    /// </summary>
    public bool IsLocal(HttpContext context)
    {
        // The connection's own feature: Request.Scheme and the addresses can be rewritten from headers by forwarding middleware,
        // which leaves X-Original-* behind when it does.
        return _trustFront || (IsEncrypted(context) && context.GetTlsCaller() is not { IsVerified: false }) || IsOnThisMachine(context);
    }

    /// <summary>Whether the caller sits on this machine or comes through a front that is trusted: an encrypted connection does not count.</summary>
    public bool IsOnLoopback(HttpContext context) => _trustFront || IsOnThisMachine(context);

    /// <summary>Whether the caller has shown a certificate of an authority that the node trusts (<see cref="TlsOptions"/>).</summary>
    public static bool IsKnown(HttpContext context) => context.GetTlsCaller() is { IsVerified: true };

    /// <summary>
    /// Whether the caller may do what is the operator's: it sits on this machine, comes through a front that is trusted, or shows the operator's
    /// token over an encrypted connection.
    /// </summary>
    public bool IsOperator(HttpContext context)
        => _trustFront || IsOnThisMachine(context) || (IsEncrypted(context) && _operatorToken?.IsShownBy(context.Request.Headers.Authorization) == true);

    /// <summary>Whether the caller sits on this machine, or comes through a front that is trusted, and shows the operator's token.</summary>
    public bool IsOperatorHere(HttpContext context) => IsOnLoopback(context) && _operatorToken?.IsShownBy(context.Request.Headers.Authorization) == true;

    /// <summary>
    /// Whether the <c>Host</c> header names this node. A page of another site can have its own name resolve to a loopback address
    /// (DNS rebinding); the header then gives that name away. Over TLS the names of the node's certificate are its own.
    /// </summary>
    public bool IsOwnHost(HttpRequest request)
    {
        var host = request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IsLoopback(address))
            || (host.Length > 0 && _allowedHosts.Contains(host))
            || request.HttpContext.GetTlsCaller()?.IsOwnHost(host) == true;
    }

    /// <summary>
    /// Whether no browser says that another origin's page caused the request (Fetch standard: <c>Origin</c>, <c>Sec-Fetch-Site</c>).
    /// </summary>
    public static bool IsOwnOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0 && !(site.Count == 1 && site[0] is "same-origin" or "none"))
        {
            return false;
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0
            || (origin.Count == 1 && string.Equals(origin[0], $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }

    /// <inheritdoc />
    public void Dispose() => _operatorToken?.Dispose();

    private static bool IsEncrypted(HttpContext context) => context.Features.Get<ITlsHandshakeFeature>() is not null;

    private static bool IsOnThisMachine(HttpContext context)
        => IsLoopback(context.Connection.LocalIpAddress) && IsLoopback(context.Connection.RemoteIpAddress) && !IsForwarded(context.Request.Headers);

    private static bool IsLoopback(IPAddress? address) =>
        address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static bool IsForwarded(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys)
        {
            if (ForwardingHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)
                || Array.Exists(ForwardingPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }
}
