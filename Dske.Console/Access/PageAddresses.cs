using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Dske.Console.Access;

/// <summary>Where the console listens: on this machine, unless it has a token to ask others for.</summary>
internal static class PageAddresses
{
    /// <summary>Where the pages are when nothing else is configured.</summary>
    public const string Default = "http://localhost:8120";

    /// <summary>All addresses: those of the pages, and one for OTLP over gRPC if it has a port.</summary>
    /// <param name="urls">The addresses of the pages, divided by semicolons; null for <see cref="Default"/>.</param>
    /// <param name="grpcPort">The port for OTLP over gRPC, or null.</param>
    public static string Combine(string? urls, int? grpcPort)
    {
        var pages = string.IsNullOrWhiteSpace(urls) ? Default : urls;
        var first = BindingAddress.Parse(pages.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[0]);
        return grpcPort is { } port ? $"{pages};{Uri.UriSchemeHttp}://{first.Host}:{port}" : pages;
    }

    /// <summary>Sets up one of them.</summary>
    /// <param name="listen">The address.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="InvalidOperationException">It is beyond loopback, and there is no token.</exception>
    public static void Configure(ListenOptions listen, PageOptions options)
    {
        if (IsBeyondThisMachine(listen.IPEndPoint) && string.IsNullOrEmpty(options.TokenFile))
        {
            throw new InvalidOperationException(Refusal(listen.IPEndPoint!.ToString()));
        }

        if (listen.IPEndPoint?.Port == options.OtlpGrpcPort)
        {
            listen.Protocols = HttpProtocols.Http2;
        }
    }

    /// <summary>The first of the addresses that is reachable from other machines; null when none is.</summary>
    /// <param name="urls">The addresses, divided by semicolons.</param>
    public static string? FirstBeyondThisMachine(string urls) =>
        urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault(static url => BindingAddress.Parse(url) is var address
                && !address.IsUnixPipe
                && !address.IsNamedPipe
                && !address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                && !(IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip)));

    /// <summary>Why the console does not start.</summary>
    /// <param name="address">The address that it was to listen on.</param>
    public static string Refusal(string address) =>
        $"The console is to listen on {address}, which other machines can reach: name a file with a token in "
        + $"{PageOptions.Section}:{nameof(PageOptions.TokenFile)}, or listen on localhost.";

    private static bool IsBeyondThisMachine(IPEndPoint? endpoint) => endpoint is not null && !IPAddress.IsLoopback(endpoint.Address);
}
