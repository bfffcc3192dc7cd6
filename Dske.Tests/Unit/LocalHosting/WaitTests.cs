using SampleApp;

namespace Dske.Tests.Unit.LocalHosting;

[Trait("Tier", "Unit")]
public sealed class WaitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_node_starts_only_once_what_it_waits_for_is_healthy()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        var hub = sample.Add("hank").WithEnvironment(SampleNode.Sick, "yes");
        sample.Add("carol").WaitFor(hub);
        await sample.BuildAsync(Cancellation);

        await sample.Notifications.WaitForResourceAsync("carol", KnownResourceStates.Waiting, Cancellation);
        await sample.Output.WaitForAsync("hank", "listening", Cancellation);
        Assert.DoesNotContain(sample.StateOf("carol").Properties, property => property.Name == "executable.pid");

        using var client = sample.Application.CreateHttpClient("hank");
        await client.PostAsync("/recover", null, Cancellation);

        await sample.Application.StartAsync(Cancellation);
        Assert.Equal(KnownResourceStates.Running, sample.StateOf("carol").State?.Text);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_node_that_waits_for_one_that_failed_fails_to_start()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        var hub = sample.Add("hank").WithEnvironment(SampleNode.ExitCode, "3");
        sample.Add("carol").WaitFor(hub);
        await sample.StartAsync(Cancellation);

        Assert.Equal(KnownResourceStates.FailedToStart, sample.StateOf("carol").State?.Text);
        await sample.Output.WaitForAsync("carol", "failed to start: The resource 'hank' cannot become healthy: it ended with exit code 3.", Cancellation);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_node_that_waits_can_be_stopped_and_the_rest_still_starts()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        var hub = sample.Add("hank").WithEnvironment(SampleNode.Sick, "yes");
        sample.Add("carol").WaitFor(hub);
        await sample.BuildAsync(Cancellation);
        await sample.Notifications.WaitForResourceAsync("carol", KnownResourceStates.Waiting, Cancellation);

        Assert.True((await sample.ExecuteAsync("carol", KnownResourceCommands.StopCommand, Cancellation)).Success);

        await sample.Application.StartAsync(Cancellation);
        Assert.Equal(KnownResourceStates.NotStarted, sample.StateOf("carol").State?.Text);
        Assert.Equal(KnownResourceStates.Running, sample.StateOf("hank").State?.Text);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Disposing_while_a_node_still_waits_ends_everything()
    {
        await using var lifelines = new Lifelines();
        var sample = await SampleApplication.CreateAsync(Cancellation);
        var hub = sample.Add("hank").WithEnvironment(SampleNode.Sick, "yes").WithEnvironment(SampleNode.Lifeline, lifelines.Port);
        sample.Add("carol").WaitFor(hub);
        await sample.BuildAsync(Cancellation);
        var hank = await lifelines.AcceptAsync(Cancellation);

        await sample.DisposeAsync();

        await hank.WaitForEndAsync(Cancellation);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_node_cannot_wait_for_itself()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        var hub = sample.Add("hank");

        Assert.Throws<DistributedApplicationException>(() => hub.WaitFor(hub));
    }
}
