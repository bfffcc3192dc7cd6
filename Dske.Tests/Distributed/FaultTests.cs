using System.Net;
using Dske.Tests.Processes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dske.Tests.Distributed;

/// <summary>Of five hubs three are enough, whatever became of the other two; what comes back is used again.</summary>
[Trait("Tier", "Distributed")]
[Collection(NetworkFixture.Collection)]
public sealed class FaultTests(NetworkFixture network) : IAsyncLifetime
{
    private static readonly TimeSpan MendTimeout = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(MendTimeout);
        await network.MendAsync(timeout.Token);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task Two_hubs_may_be_killed_and_when_they_are_back_two_others()
    {
        foreach (string[] victims in (string[][])[["hank", "helen"], ["holly", "hugo"]])
        {
            foreach (var hub in victims)
            {
                Signal.Kill(network.ProcessIdOf(hub));
                await network.WaitUntilEndedAsync(hub, Cancellation);
            }

            await network.EstablishEventuallyAsync("sam", "sofia", Cancellation);

            foreach (var hub in victims)
            {
                await network.StartAsync(hub, Cancellation);
            }
        }

        await network.EstablishAsync("sam", "sofia", Cancellation);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task A_hub_that_hangs_holds_nobody_up()
    {
        Signal.Suspend(network.ProcessIdOf("hilary"));
        try
        {
            await network.EstablishAsync("serena", "sunny", Cancellation);
        }
        finally
        {
            Signal.Continue(network.ProcessIdOf("hilary"));
        }

        await network.WaitUntilHealthyAsync(["hilary"], Cancellation);
        await network.EstablishAsync("serena", "sunny", Cancellation);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task With_three_hubs_down_there_is_no_key_and_when_they_are_back_there_is()
    {
        string[] victims = ["hank", "hilary", "hugo"];
        foreach (var hub in victims)
        {
            await network.StopAsync(hub, Cancellation);
        }

        using (var answer = await network.PostKeysAsync("sam", "sofia", Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        foreach (var hub in victims)
        {
            await network.StartAsync(hub, Cancellation);
        }

        await network.EstablishEventuallyAsync("sam", "sofia", Cancellation);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task A_client_that_is_killed_takes_its_encryptors_along_until_it_is_back()
    {
        Signal.Kill(network.ProcessIdOf("conny"));
        await network.WaitUntilEndedAsync("conny", Cancellation);
        await network.Application.ResourceNotifications.WaitForResourceAsync(
            "sofia", change => change.Snapshot.HealthStatus == HealthStatus.Unhealthy, Cancellation);
        await network.EstablishAsync("sam", "susan", Cancellation);

        await network.StartAsync("conny", Cancellation);

        await network.WaitUntilHealthyAsync(["sofia"], Cancellation);
        await network.EstablishAsync("sam", "sofia", Cancellation);
    }

    [Fact(Timeout = NetworkFixture.TestTimeout)]
    public async Task An_encryptor_that_is_killed_is_missed_by_nobody_else_and_works_again_when_it_is_back()
    {
        Signal.Kill(network.ProcessIdOf("sofia"));
        await network.WaitUntilEndedAsync("sofia", Cancellation);

        await network.EstablishAsync("sam", "serena", Cancellation);
        using (var answer = await network.PostKeysAsync("sam", "sofia", Cancellation))
        {
            Assert.InRange((int)answer.StatusCode, 500, 599);
            Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
        }

        await network.StartAsync("sofia", Cancellation);
        await network.EstablishAsync("sam", "sofia", Cancellation);
    }
}
