using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using System.Text;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults.Access;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Unit.ServiceDefaults;

[Trait("Tier", "Unit")]
public sealed class AccessPolicyTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.9.9.9", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1", true)]
    [InlineData("127.0.0.1", "192.168.1.7", false)]
    [InlineData("192.168.1.7", "127.0.0.1", false)]
    [InlineData("192.168.1.7", "192.168.1.7", false)]
    [InlineData("::ffff:10.0.0.1", "::1", false)]
    [InlineData("::1", "fe80::1", false)]
    [InlineData(null, null, false)]
    [InlineData("127.0.0.1", null, false)]
    public void A_caller_is_local_when_both_ends_are_loopback_addresses(string? local, string? remote, bool expected) =>
        Assert.Equal(expected, Policy().IsLocal(Context(local, remote)));

    [Theory]
    [InlineData("Via")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-For")]
    [InlineData("x-forwarded-proto")]
    [InlineData("X-FORWARDED-ANYTHING")]
    [InlineData("X-Original-For")]
    [InlineData("X-Real-IP")]
    public void Who_speaks_for_somebody_else_is_not_local(string header)
    {
        var context = Context();
        context.Request.Headers[header] = "";

        Assert.False(Policy().IsLocal(context));
    }

    [Fact]
    public void An_ordinary_header_is_no_forwarding() => Assert.True(Policy().IsLocal(Context(headers: ("X-Request-ID", "1"))));

    [Fact]
    public void A_scheme_that_is_only_claimed_vouches_for_nobody()
    {
        var remote = Context("10.0.0.1", "10.0.0.2");
        remote.Request.Scheme = "https";

        Assert.False(Policy().IsLocal(remote));
    }

    [Fact]
    public void Behind_a_trusted_front_everybody_counts_as_local() =>
        Assert.True(Policy(trustFront: true).IsLocal(Context("10.0.0.1", "10.0.0.2", ("X-Forwarded-For", "1.2.3.4"))));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", null, true)]
    [InlineData("127.0.0.1", "127.0.0.1", "X-Forwarded-For", false)]
    [InlineData("10.0.0.1", "10.0.0.2", null, false)]
    public void Without_a_token_only_callers_on_this_machine_are_operators(string local, string remote, string? header, bool expected) =>
        Assert.Equal(expected, Policy().IsOperator(Context(local, remote, header is null ? null : (header, "1.2.3.4"))));

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_token_counts_only_where_nobody_can_read_it_on_the_way(bool isEncrypted, bool expected)
    {
        const string Token = "0123456789abcdef0123456789abcdef";
        var file = Path.GetTempFileName();
        try
        {
            OwnerOnlyFile.WriteLine(file, Encoding.ASCII.GetBytes(Token));
            using var policy = new AccessPolicy(Options.Create(new AccessOptions { OperatorTokenFile = file }));
            var context = Context("10.0.0.1", "10.0.0.2", ("Authorization", $"Bearer {Token}"));
            context.Features.Set(isEncrypted ? DispatchProxy.Create<ITlsHandshakeFeature, Handshake>() : null);

            Assert.Null(policy.Problem);
            Assert.Equal(expected, policy.IsOperator(context));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Behind_a_trusted_front_everybody_counts_as_operator() =>
        Assert.True(Policy(trustFront: true).IsOperator(Context("10.0.0.1", "10.0.0.2")));

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:8110", true)]
    [InlineData("127.0.0.1:8110", true)]
    [InlineData("127.1.2.3", true)]
    [InlineData("[::1]:8110", true)]
    [InlineData("hub.example", true)]
    [InlineData("Hub.Example:443", true)]
    [InlineData("", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("192.168.1.7", false)]
    [InlineData("[fe80::1]", false)]
    [InlineData("other.hub.example", false)]
    public void A_host_is_ours_when_it_is_loopback_or_configured(string host, bool expected)
    {
        var context = Context();
        context.Request.Host = new HostString(host);

        Assert.Equal(expected, Policy(allowedHost: "hub.example").IsOwnHost(context.Request));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("http://localhost:8110", null, true)]
    [InlineData("HTTP://LOCALHOST:8110", "same-origin", true)]
    [InlineData(null, "none", true)]
    [InlineData("http://localhost:8120", null, false)]
    [InlineData("https://localhost:8110", null, false)]
    [InlineData("http://evil.example", null, false)]
    [InlineData("null", null, false)]
    [InlineData("", null, false)]
    [InlineData("http://localhost:8110", "cross-site", false)]
    [InlineData(null, "same-site", false)]
    [InlineData(null, "", false)]
    public void An_origin_is_ours_when_the_browser_says_nothing_else(string? origin, string? site, bool expected)
    {
        var context = Context();
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("localhost:8110");
        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        if (site is not null)
        {
            context.Request.Headers["Sec-Fetch-Site"] = site;
        }

        Assert.Equal(expected, AccessPolicy.IsOwnOrigin(context.Request));
    }

    private static AccessPolicy Policy(bool trustFront = false, string? allowedHost = null)
    {
        var options = new AccessOptions { TrustFront = trustFront };
        if (allowedHost is not null)
        {
            options.AllowedHosts.Add(allowedHost);
        }

        return new AccessPolicy(Options.Create(options));
    }

    private static DefaultHttpContext Context(string? local = "127.0.0.1", string? remote = "127.0.0.1", (string Name, string Value)? headers = null)
    {
        var context = new DefaultHttpContext();
        context.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        if (headers is { } header)
        {
            context.Request.Headers[header.Name] = header.Value;
        }

        return context;
    }

    /// <summary>Says that there was a handshake, and nothing about it.</summary>
    [SuppressMessage("Performance", "CA1852", Justification = "A proxy derives from it.")]
    private class Handshake : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
    }
}
