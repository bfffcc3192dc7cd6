using Dske.Tests.Model.Sabotage;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Model;

/// <summary>The model notices: networks that are broken on purpose, without its knowledge, do not get through.</summary>
[Trait("Tier", "Network")]
public sealed class SabotageTests
{
    private const int Seeds = 20;

    private const int Steps = 300;

    [Fact]
    public Task A_hub_that_hands_out_wrong_shares_is_noticed()
        => AssertNoticedAsync(["did not lie"], sabotage: network => network.Hubs[1].Inject(Faults.SpoilShares));

    [Fact]
    public Task Hubs_that_keep_the_keys_from_their_encryptors_are_noticed()
        => AssertNoticedAsync(["Fetching must be Ok"], sabotage: network => network.Inject(Faults.OnGet(Faults.DropAnswer), 0, 2, 4));

    [Fact]
    public Task Hubs_that_forget_shares_are_noticed()
        => AssertNoticedAsync(["A hub has lost a share", "Fetching must"], new NetworkSettings { HubState = store => new ForgetfulHubState(store) });

    [Fact]
    public Task A_client_that_delivers_twice_is_noticed()
        => AssertNoticedAsync(["Fetching must be NotFound", "was delivered twice"], new NetworkSettings { ClientState = store => new ForgetfulClientState(store) });

    [Fact]
    public Task A_client_that_would_use_PSRD_again_is_noticed()
        => AssertNoticedAsync(
            ["older copy", "named before"], new NetworkSettings { ClientPsrd = _ => new RewindingPsrdStore(TimeProvider.System) });

    [Fact]
    public Task PSRD_that_goes_over_the_wire_twice_is_noticed()
        => AssertNoticedAsync(["named before"], sabotage: network => network.Hubs[0].Inject((exchange, deliver, token) =>
        {
            // What the auditor sees of a client that sends its message once more.
            network.Audit.Observe(exchange);
            return deliver();
        }));

    /// <summary>One of some seeds comes upon it, and says so in one of the given words.</summary>
    private static async Task AssertNoticedAsync(string[] words, NetworkSettings? settings = null, Action<InMemoryNetwork>? sabotage = null)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            try
            {
                await Task.Run(() => ModelRun.RunAsync(seed, Steps, settings, sabotage), TestContext.Current.CancellationToken);
            }
            catch (ModelViolationException violation)
            {
                Assert.True(words.Any(word => violation.Message.Split('\n')[0].Contains(word, StringComparison.Ordinal)), violation.Message);
                Assert.Contains($"ModelRun.RunAsync({seed}, {Steps})", violation.Message, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail($"None of {Seeds} seeds came upon it.");
    }
}
