using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Fuzzing;

/// <summary>A client whose hubs' answers are changed, registrations and blocks of PSRD among them: its upkeep goes on, and heals in the end.</summary>
[Trait("Tier", "Fuzzing")]
public sealed class UpkeepTests
{
    private const int Steps = 12;

    // All differ, so that it shows on the clock whether a link is at rest.
    private static readonly ClientLimits Limits = new() { HubTimeout = TimeSpan.FromSeconds(7) };

    [Fact]
    public async Task Whatever_hubs_answer_the_upkeep_goes_on()
    {
        using var faults = new CounterRecorder(ClientMetrics.SourceName, "dske.client.faults");
        await Campaign.RunAsync("Upkeep", 20, async round =>
        {
            var name = NodeName.Parse("fuzz-upkeep");
            await using var network = new InMemoryNetwork(new NetworkSettings { Hubs = 2, Threshold = 2, ClientLimits = Limits });
            using var store = new InMemoryPsrdStore(network.Time);
            var transport = new GarblingTransport(new InMemoryTransport(name, network.Hubs, () => true)) { Round = round };
            await using var engine = new ClientEngine(
                new ClientSettings
                {
                    Name = name,
                    Encryptors = [SaeId.Parse("sam")],
                    Hubs = [.. network.Hubs.Select(hub => new HubSettings(hub.Name))],
                    Threshold = 2,
                    Psrd = network.Settings.Psrd,
                    Limits = Limits,
                },
                store,
                new InMemoryClientStateStore(new SeededEntropySource(round.Seed)),
                transport,
                network.Entropy,
                network.Time);
            using var stopping = new CancellationTokenSource();
            var upkeep = engine.RunAsync(stopping.Token);

            for (var step = 0; step < Steps; step++)
            {
                await PassAsync(network);
            }

            transport.Round = null;
            for (var step = 0; step < 2 * Steps && !engine.Links.All(link => link.IsUsable); step++)
            {
                await PassAsync(network);
            }

            Assert.False(upkeep.IsCompleted);
            Assert.DoesNotContain(faults.Measurements, fault => fault.Tags.Values.Contains(name.Value));
            Assert.All(engine.Links, link => Assert.True(link.IsUsable));
            await stopping.CancelAsync();
            await upkeep;
        });
    }

    /// <summary>Lets both links come to rest, and time pass until one of them goes on.</summary>
    private static async Task PassAsync(InMemoryNetwork network)
    {
        await Eventually.TrueAsync(() => network.Time.CountTimers(IsRest) >= 2, "both links rest");
        network.Time.AdvanceToNext(Limits.RenewInterval);
    }

    private static bool IsRest(TimeSpan duration) => duration == Limits.RenewInterval || (duration >= Limits.MinRetryPause && duration <= Limits.MaxRetryPause);
}
