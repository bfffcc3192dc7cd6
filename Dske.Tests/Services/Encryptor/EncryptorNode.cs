using System.Collections.Concurrent;
using Dske.Encryptor.Configuration;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Services.Encryptor;

/// <summary>An encryptor as it is, listening on a loopback port that the system chooses.</summary>
internal sealed class EncryptorNode : WebApplicationFactory<EncryptorSettings>
{
    private readonly Dictionary<string, string?> _settings;
    private readonly TimeProvider? _time;
    private readonly LogCollector _log = new();

    /// <param name="settings">The configuration; the section <c>Dske:Encryptor</c> may be left out of the keys' names.</param>
    /// <param name="time">The clock. Default: the system's.</param>
    public EncryptorNode(Dictionary<string, string?> settings, TimeProvider? time = null)
    {
        _settings = settings;
        _time = time;
        UseKestrel();
    }

    /// <summary>Everything that was logged, at every level.</summary>
    public IEnumerable<string> Log => _log.Lines;

    /// <summary>The encryptor's API, below its name.</summary>
    public HttpClient Client { get; private set; } = null!;

    public Uri Url => Client.BaseAddress!;

    /// <summary>Starts an encryptor with a KME and peers that service discovery finds once <see cref="Discover"/> said where.</summary>
    public static EncryptorNode Start(string saeId, TestKme kme, string[] peers, TimeProvider? time = null, params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?> { ["SaeId"] = saeId, ["Kme:Name"] = "carol", ["Kme:Url"] = kme.Url.ToString() };
        for (var i = 0; i < peers.Length; i++)
        {
            settings[$"Peers:{i}:SaeId"] = peers[i];
        }

        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        var node = new EncryptorNode(settings, time);
        node.StartServer();
        node.Client = node.CreateClient();
        return node;
    }

    /// <summary>Calls the API in another way from now on: with a certificate.</summary>
    public void CallWith(HttpClient client)
    {
        Client.Dispose();
        Client = client;
    }

    /// <summary>Says where a peer is.</summary>
    public void Discover(string name, Uri url) => Services.GetRequiredService<IConfiguration>()[$"services:{name}:http:0"] = url.ToString();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseUrls(_settings.GetValueOrDefault("urls") ?? "http://127.0.0.1:0");
        foreach (var (key, value) in _settings.Where(static setting => setting.Key != "urls"))
        {
            builder.UseSetting(key.Contains("Dske:", StringComparison.Ordinal) ? key : $"{EncryptorOptions.Section}:{key}", value);
        }

        foreach (var category in new[] { "Default", "Microsoft.AspNetCore", "Microsoft.Extensions.ServiceDiscovery", "Polly", "System.Net.Http" })
        {
            builder.UseSetting($"Logging:LogLevel:{category}", nameof(LogLevel.Trace));
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(_log));
        builder.ConfigureTestServices(services =>
        {
            if (_time is not null)
            {
                services.Replace(ServiceDescriptor.Singleton(_time));
            }
        });
    }

    protected override void Dispose(bool disposing)
    {
        Client?.Dispose();
        base.Dispose(disposing);
        _log.Dispose();
    }

    private sealed class LogCollector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
