using System.Net.Http.Json;
using System.Text.Json;
using Dske.Tests.Services;

namespace Dske.Tests.Network;

/// <summary>A network whose hubs ask for enrolment tokens.</summary>
[Collection(nameof(WholeProcess))]
[Trait("Tier", "Network")]
public sealed class EnrolmentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Clients_with_tokens_establish_a_key_and_no_token_shows_anywhere()
    {
        using var enrolment = new EnrolmentFolder();
        await using var network = await LoopbackNetwork.StartAsync(enrolment: enrolment);

        using var answer = await network.Sam.Client.PostAsJsonAsync("/encryptor/sam/api/v1/keys", new { peer = "sofia" }, Cancellation);
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

        Assert.True(result.GetProperty("confirmed").GetBoolean());
        var logs = network.Hubs.Select(hub => hub.Log).Append(network.Carol.Log).Append(network.Conny.Log);
        var emitted = string.Join('\n', logs.SelectMany(log => log.Entries).Select(entry => entry.Text));
        Assert.Contains("registration", emitted, StringComparison.Ordinal);
        Assert.DoesNotContain("dske1.", emitted, StringComparison.Ordinal);
        Assert.All(LoopbackNetwork.HubNames, hub => Assert.DoesNotContain(enrolment.Issue(hub, "carol", "sam")[^43..], emitted, StringComparison.Ordinal));
    }
}
