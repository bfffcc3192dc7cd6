using System.Globalization;
using Dske.Benchmarks.Hubs;
using Dske.Hub.Endpoints;
using Dske.Hub.Hosting;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dske.Benchmarks.Guard;

/// <summary>
/// A hub as its own program puts it together, on loopback, with two clients whose messages are prepared beforehand. It keeps its state in
/// memory: what a disk costs differs more from machine to machine than anything that is compared here.
/// </summary>
internal sealed class GuardedHub : IAsyncDisposable
{
    private const int BlockSize = 8 * 1024 * 1024;
    private const int ShareSize = 32;

    private readonly WebApplication _app;
    private readonly LinkedClient _carol;
    private readonly LinkedClient _conny;

    private GuardedHub(WebApplication app)
    {
        _app = app;
        Engine = app.Services.GetRequiredService<HubEngine>();
        Url = new Uri(app.Urls.Single());
        _carol = LinkedClient.Enrol(Engine, "carol", MemoryHub.Master, BlockSize);
        _conny = LinkedClient.Enrol(Engine, "conny", MemoryHub.Slave, BlockSize);
    }

    /// <summary>The hub's engine.</summary>
    public HubEngine Engine { get; }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Starts a hub on a free port.</summary>
    public static async Task<GuardedHub> StartAsync()
    {
        var builder = WebApplication.CreateBuilder(
        [
            "--urls=http://127.0.0.1:0",
            "--Dske:Hub:Name=hank",
            "--Dske:Hub:Threshold=3",
            "--Dske:Hub:OutOfBand:Mode=open",
            "--Dske:Storage:InMemory=true",

            // Shares that were delivered go at once: those of a whole measurement would not all have room.
            "--Dske:Hub:Limits:RepeatWindow=00:00:00",
            .. HubNames.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"--Dske:Hub:Hubs:{i}={name}")),
        ]);
        builder.AddServiceDefaults(options => options.Describe(builder.Configuration));
        builder.AddHub();
        builder.Logging.ClearProviders();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapHub();
        await app.StartAsync();
        return new GuardedHub(app);
    }

    /// <summary>Prepares exchanges: each a message that hands a share in, and one that fetches it.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidOperationException">There is no PSRD left.</exception>
    public IReadOnlyList<(OutgoingRequest Post, OutgoingRequest Get)> Prepare(int count)
    {
        var exchanges = new (OutgoingRequest, OutgoingRequest)[count];
        for (var i = 0; i < count; i++)
        {
            var keyId = SystemEntropySource.Instance.NextUuid();
            exchanges[i] = (
                _carol.PreparePost(keyId, MemoryHub.Master, MemoryHub.Slave, ShareSize),
                _conny.PrepareGet(keyId, MemoryHub.Master, MemoryHub.Slave));
        }

        return exchanges;
    }

    public async ValueTask DisposeAsync()
    {
        _carol.Dispose();
        _conny.Dispose();
        await _app.DisposeAsync();
    }

    private static string[] HubNames => ["hank", "helen", "hilary", "holly", "hugo"];
}
