using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Dske.Certificates;
using Dske.ServiceDefaults.Tls;
using Dske.Tests.Network.InMemory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Services.Tls;

/// <summary>Files change while a node runs.</summary>
[Trait("Tier", "Services")]
public sealed class ReloadTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_certificate_is_shown_to_new_connections_and_open_ones_stay()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await TlsNode.StartAsync(_folder.SettingsOf("carol", ("Dske:Tls:ReloadInterval", "00:00:07")), time);
        var connections = new List<string>();
        using var http = Connect(node, connections);
        Assert.Equal("sam", await http.GetStringAsync("/caller", Cancellation));
        var old = node.Materials.Current;

        _folder.WriteNode(_folder.Authority, "carol");
        await AdvanceUntilAsync(time, () => node.Materials.Current != old, "the new certificate is in use");

        Assert.Equal("sam", await http.GetStringAsync("/caller", Cancellation));
        Assert.Equal([old.Server.Certificate.Thumbprint], connections);
        using var another = Connect(node, connections);
        Assert.Equal("sam", await another.GetStringAsync("/caller", Cancellation));
        Assert.Equal([old.Server.Certificate.Thumbprint, node.Materials.Current.Server.Certificate.Thumbprint], connections);
        Assert.NotEqual(connections[0], connections[1]);
    }

    [Fact]
    public async Task Files_are_looked_at_once_the_interval_is_over_and_not_before()
    {
        var time = new TimerCount(TimeProvider.System.GetUtcNow());
        var (options, materials) = Read(time);
        using var reload = new TlsReload(materials, options, time, NullLogger<TlsReload>.Instance);
        var old = materials.Current;
        await reload.StartAsync(Cancellation);
        await Eventually.TrueAsync(() => time.Timers == 1, "the clock is looked at");

        _folder.WriteNode(_folder.Authority, "carol");
        time.Advance(options.Value.ReloadInterval - TimeSpan.FromTicks(1));
        Assert.Same(old, materials.Current);
        time.Advance(TimeSpan.FromTicks(1));
        await Eventually.TrueAsync(() => materials.Current != old, "the new certificate is in use");

        await reload.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_fault_of_whatever_kind_is_logged_and_the_next_look_fares_better()
    {
        using var log = new NodeLog();
        using var logging = LoggerFactory.Create(logging => logging.AddProvider(log));
        var (clock, time) = (new BrokenClock(), new FakeTimeProvider());
        var (options, materials) = Read(clock);
        using var reload = new TlsReload(materials, options, time, logging.CreateLogger<TlsReload>());
        var old = materials.Current;
        await reload.StartAsync(Cancellation);

        clock.IsBroken = true;
        _folder.WriteNode(_folder.Authority, "carol");
        await AdvanceUntilAsync(time, () => log.Faults.Any(), "the fault is logged");
        Assert.False(reload.ExecuteTask!.IsCompleted);
        Assert.Same(old, materials.Current);
        Assert.Contains(BrokenClock.Fault, log.Faults.First(), StringComparison.Ordinal);

        clock.IsBroken = false;
        await AdvanceUntilAsync(time, () => materials.Current != old, "the new certificate is in use");
        await reload.StopAsync(Cancellation);
        Assert.True(reload.ExecuteTask.IsCompleted);
    }

    [Fact]
    public async Task A_certificate_that_is_revoked_ends_its_connections_and_no_others()
    {
        var (sam, sofia) = (_folder.Sae("sam"), _folder.Sae("sofia"));
        _folder.WriteRevocations();
        await using var node = await TlsNode.StartAsync(_folder.SettingsOf("carol", ("Dske:Tls:RevocationFile", _folder.RevocationFile)));
        using var revoked = node.Connect(_folder.Authorities, sam);
        var connections = new List<string>();
        using var other = Connect(node, connections, sofia);
        Assert.Equal(("sam", "sofia"), (await revoked.GetStringAsync("/caller", Cancellation), await other.GetStringAsync("/caller", Cancellation)));

        _folder.WriteRevocations(sam);
        node.Materials.Reload();

        await Assert.ThrowsAsync<HttpRequestException>(() => revoked.GetStringAsync("/caller", Cancellation));
        Assert.Equal("sofia", await other.GetStringAsync("/caller", Cancellation));
        Assert.Single(connections);
    }

    [Fact]
    public async Task A_certificate_that_expires_ends_its_connections()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await TlsNode.StartAsync(_folder.SettingsOf("carol"), time);
        using var http = node.Connect(_folder.Authorities, _folder.Keep(_folder.AuthorityAt(TimeSpan.FromDays(-364)).IssueSae("sam")));
        Assert.Equal("sam", await http.GetStringAsync("/caller", Cancellation));

        time.Advance(TimeSpan.FromHours(23));
        Assert.Equal("sam", await http.GetStringAsync("/caller", Cancellation));
        time.Advance(TimeSpan.FromHours(2));

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("/caller", Cancellation));
    }

    [Theory]
    [InlineData("carol.pem", "nonsense")]
    [InlineData("carol.pem", null)]
    [InlineData("carol.key", "nonsense")]
    [InlineData("ca.pem", "")]
    [InlineData("ca.crl", "nonsense")]
    public async Task Files_that_cannot_be_used_change_nothing_and_are_reported_once(string file, string? content)
    {
        _folder.WriteRevocations();
        await using var node = await TlsNode.StartAsync(_folder.SettingsOf("carol", ("Dske:Tls:RevocationFile", _folder.RevocationFile)));
        var (old, path) = (node.Materials.Current, _folder.PathOf(file));
        var good = await File.ReadAllBytesAsync(path, Cancellation);
        if (content is null)
        {
            File.Delete(path);
        }
        else
        {
            await File.WriteAllTextAsync(path, content, Cancellation);
        }

        node.Materials.Reload();
        node.Materials.Reload();

        Assert.Same(old, node.Materials.Current);
        Assert.Single(Warnings(node));
        using var http = node.Connect(_folder.Authorities, _folder.Sae("sam"));
        Assert.Equal("sam", await http.GetStringAsync("/caller", Cancellation));

        await File.WriteAllBytesAsync(path, good, Cancellation);
        _folder.WriteNode(_folder.Authority, "carol");
        _folder.WriteRevocations();
        node.Materials.Reload();
        Assert.NotSame(old, node.Materials.Current);
    }

    [Fact]
    public async Task Half_of_an_exchange_is_waited_out()
    {
        await using var node = await TlsNode.StartAsync(_folder.SettingsOf("carol"));
        var old = node.Materials.Current;
        _folder.WriteNode(_folder.Authority, "carol2");

        File.Move(_folder.PathOf("carol2.key"), _folder.PathOf("carol.key"), overwrite: true);
        node.Materials.Reload();
        Assert.Same(old, node.Materials.Current);

        File.Move(_folder.PathOf("carol2.pem"), _folder.PathOf("carol.pem"), overwrite: true);
        node.Materials.Reload();
        Assert.NotSame(old, node.Materials.Current);
    }

    /// <summary>Lets time pass until a condition holds: however late a timer begins, it is not missed.</summary>
    private static Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> condition, string what) => Eventually.TrueAsync(
        () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        what);

    private static IEnumerable<string> Warnings(TlsNode node) =>
        node.Log.Entries.Where(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("cannot be used", StringComparison.Ordinal)).Select(entry => entry.Text);

    private (IOptions<TlsOptions> Options, TlsMaterials Materials) Read(TimeProvider time)
    {
        _folder.WriteNode(_folder.Authority, "carol");
        var options = Options.Create(
            new TlsOptions { CertificateFile = _folder.PathOf("carol.pem"), KeyFile = _folder.PathOf("carol.key"), ClientCaFile = _folder.AuthorityFile });
        return (options, new TlsMaterials(options, time, NullLogger<TlsMaterials>.Instance));
    }

    /// <summary>A client that writes down the certificate that each of its connections is shown.</summary>
    private HttpClient Connect(TlsNode node, List<string> connections, X509Certificate2? certificate = null)
    {
        var handler = MutualTls.CreateHandler(certificate ?? _folder.Sae("sam"), _folder.Authorities);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, errors) =>
        {
            connections.Add(((X509Certificate2)shown!).Thumbprint);
            return errors == SslPolicyErrors.None;
        };
        return new HttpClient(handler) { BaseAddress = node.Url };
    }

    /// <summary>A clock that cannot be read at times.</summary>
    private sealed class BrokenClock : TimeProvider
    {
        public const string Fault = "The clock stands still.";

        public volatile bool IsBroken;

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new InvalidOperationException(Fault) : System.GetUtcNow();
    }

    /// <summary>A clock that knows how many timers go by it.</summary>
    private sealed class TimerCount(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private int _timers;

        public int Timers => Volatile.Read(ref _timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _timers);
            return timer;
        }
    }
}
