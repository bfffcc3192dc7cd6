using Dske.Hub.Hosting;
using Dske.Hub.Traffic;
using Dske.Tests.Services;
using Dske.Tests.Services.Hub;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Network;

/// <summary>
/// A network whose hubs ask for enrolment tokens, as they do by default, with limits that a short flood reaches, and a client of theirs that
/// means no good.
/// </summary>
public sealed class FloodedNetwork : IAsyncLifetime
{
    /// <summary>A quarter more is for short messages.</summary>
    internal const int MaxUnverifiedBytes = 2 * UnverifiedBodies.MaxBody;

    internal const int MaxSharesPerClient = 100;

    private const int WarmUp = 40;

    private readonly EnrolmentFolder _enrolment = new();

    internal LoopbackNetwork Network { get; private set; } = null!;

    /// <summary>Sends what a client or anybody else may send, and leaves no traces.</summary>
    internal HttpClient Client { get; } = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false, UseCookies = false });

    /// <summary>The ends of celia's links, by hub.</summary>
    internal IReadOnlyList<HubCaller> Celia { get; private set; } = [];

    /// <summary>The room for unverified bodies of each hub.</summary>
    internal IEnumerable<UnverifiedBodies> Bodies => Network.Hubs.Select(hub => hub.Services.GetRequiredService<UnverifiedBodies>());

    public async ValueTask InitializeAsync()
    {
        Network = await LoopbackNetwork.StartAsync(enrolment: _enrolment, hubServices: Limit, clientServices: LogLittle);
        var celia = new List<HubCaller>();
        foreach (var (hub, name) in Network.Hubs.Zip(LoopbackNetwork.HubNames))
        {
            hub.Client.DefaultRequestHeaders.Authorization = new("Bearer", TokenOfCelia(name));
            celia.Add(await HubCaller.EnrolAsync(hub, "celia", 512 * 1024, "serena"));
        }

        Celia = celia;
        for (var i = 0; i < WarmUp; i++)
        {
            await Network.DeliverAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in Celia)
        {
            link.Dispose();
        }

        Client.Dispose();
        await Network.DisposeAsync();
        _enrolment.Dispose();
    }

    internal string TokenOfCelia(string hub) => _enrolment.Issue(hub, "celia", "serena");

    private static void Limit(IServiceCollection services)
    {
        services.Configure<HubOptions>(options =>
        {
            (options.Traffic.OutOfBandPerSecond, options.Traffic.OutOfBandBurst) = (1, 40);
            options.Traffic.MaxUnverifiedBytes = MaxUnverifiedBytes;
            options.Limits = options.Limits with { MaxSharesPerClient = MaxSharesPerClient, RepeatWindow = TimeSpan.Zero };
        });
        LogLittle(services);
    }

    /// <summary>As much as in earnest: to log everything would cost more than to answer.</summary>
    private static void LogLittle(IServiceCollection services) => services.PostConfigure<LoggerFilterOptions>(filter =>
    {
        filter.Rules.Clear();
        filter.MinLevel = LogLevel.Warning;
    });
}
