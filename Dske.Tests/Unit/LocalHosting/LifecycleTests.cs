using System.Net;
using Dske.Tests.Processes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SampleApp;

namespace Dske.Tests.Unit.LocalHosting;

[Trait("Tier", "Unit")]
public sealed class LifecycleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_node_that_answers_its_health_check_is_healthy()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        sample.Add("helen").WithEnvironment(SampleNode.Sick, "yes");
        await sample.StartAsync(Cancellation);

        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);

        Assert.Equal(KnownResourceStates.Running, sample.StateOf("helen").State?.Text);
        Assert.Equal(HealthStatus.Unhealthy, sample.StateOf("helen").HealthStatus);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_suspended_node_turns_unhealthy_and_recovers()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);
        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);

        Signal.Suspend(sample.ProcessIdOf("hank"));
        await sample.Notifications.WaitForResourceAsync("hank", change => change.Snapshot.HealthStatus == HealthStatus.Unhealthy, Cancellation);
        Signal.Continue(sample.ProcessIdOf("hank"));

        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Stop_ends_the_process_as_if_it_ended_of_itself_and_start_runs_a_new_one_at_the_same_address()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);
        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);
        var (first, address) = (sample.ProcessIdOf("hank"), sample.Application.GetEndpoint("hank"));

        Assert.True((await sample.ExecuteAsync("hank", KnownResourceCommands.StopCommand, Cancellation)).Success);

        Assert.Equal(KnownResourceStates.Finished, sample.StateOf("hank").State?.Text);
        Assert.Equal(0, sample.StateOf("hank").ExitCode);
        Assert.Null(sample.StateOf("hank").HealthStatus);

        Assert.True((await sample.ExecuteAsync("hank", KnownResourceCommands.StartCommand, Cancellation)).Success);
        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);

        Assert.NotEqual(first, sample.ProcessIdOf("hank"));
        Assert.Equal(address, sample.Application.GetEndpoint("hank"));
        Assert.Null(sample.StateOf("hank").ExitCode);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Restart_replaces_the_process()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);
        var first = sample.ProcessIdOf("hank");

        Assert.True((await sample.ExecuteAsync("hank", KnownResourceCommands.RestartCommand, Cancellation)).Success);

        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);
        Assert.NotEqual(first, sample.ProcessIdOf("hank"));
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_suspended_node_can_be_stopped_gracefully()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);
        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);

        Signal.Suspend(sample.ProcessIdOf("hank"));
        await sample.ExecuteAsync("hank", KnownResourceCommands.StopCommand, Cancellation);

        Assert.Equal(0, sample.StateOf("hank").ExitCode);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_node_that_does_not_stop_is_killed_after_the_grace_period()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank").WithEnvironment(SampleNode.Stubborn, "yes");
        await sample.StartAsync(Cancellation);
        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);

        Assert.True((await sample.ExecuteAsync("hank", KnownResourceCommands.StopCommand, Cancellation)).Success);

        Assert.Equal(128 + 9, sample.StateOf("hank").ExitCode);
        await sample.Output.WaitForAsync("hank", "did not stop within 4 s and was killed", Cancellation);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_node_that_dies_stays_dead_and_is_reported_with_its_last_words()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);
        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);

        using var client = sample.Application.CreateHttpClient("hank");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.PostAsync("/exit/42", null, Cancellation));

        await sample.Notifications.WaitForResourceAsync("hank", KnownResourceStates.TerminalStates, Cancellation);
        Assert.Equal(42, sample.StateOf("hank").ExitCode);
        await sample.Output.WaitForAsync("hank", "ended unexpectedly with exit code 42", Cancellation);
        await sample.Output.WaitForAsync("hank", SampleNode.LastWords, Cancellation);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_node_that_a_signal_killed_shows_the_signal()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);

        Signal.Kill(sample.ProcessIdOf("hank"));

        await sample.Notifications.WaitForResourceAsync("hank", KnownResourceStates.Finished, Cancellation);
        Assert.Equal(128 + 9, sample.StateOf("hank").ExitCode);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation));
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_node_with_an_explicit_start_waits_for_the_command()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank").WithExplicitStart();
        await sample.StartAsync(Cancellation);
        Assert.Equal(KnownResourceStates.NotStarted, sample.StateOf("hank").State?.Text);

        await sample.ExecuteAsync("hank", KnownResourceCommands.StartCommand, Cancellation);

        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Output_is_forwarded_line_by_line_under_the_name_of_the_node()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        sample.Add("helen").WithEnvironment(SampleNode.ExitCode, "3");
        await sample.StartAsync(Cancellation);

        Assert.Equal(SampleNode.LastWords, await sample.Output.WaitForAsync("helen", SampleNode.LastWords, Cancellation));
        Assert.Contains("Now listening", await sample.Output.WaitForAsync("hank", "listening", Cancellation), StringComparison.Ordinal);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Starting_and_stopping_at_once_leaves_one_process_or_none()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);

        string[] commands = [KnownResourceCommands.StartCommand, KnownResourceCommands.StopCommand, KnownResourceCommands.RestartCommand];
        await Task.WhenAll(Enumerable.Range(0, 9).Select(i => sample.ExecuteAsync("hank", commands[i % 3], Cancellation)));
        await sample.ExecuteAsync("hank", KnownResourceCommands.RestartCommand, Cancellation);
        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);

        await sample.ExecuteAsync("hank", KnownResourceCommands.StopCommand, Cancellation);
        using var client = sample.Application.CreateHttpClient("hank");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync("/health", Cancellation));
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_command_for_nobody_or_of_no_name_fails_with_a_reason()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);

        Assert.Contains("not found", (await sample.ExecuteAsync("nobody", "resource-stop", Cancellation)).ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("not available", (await sample.ExecuteAsync("hank", "dance", Cancellation)).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Own_commands_and_HTTP_commands_run_and_report_failure()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        var seen = "";
        sample.Add("hank")
            .WithCommand("own", "Own", context =>
            {
                seen = context.ResourceName;
                return Task.FromResult(CommandResults.Success());
            })
            .WithCommand("broken", "Broken", _ => throw new InvalidOperationException("broken"))
            .WithHttpCommand("/recover", "Recover", commandName: "recover")
            .WithHttpCommand("/nowhere", "Nowhere", commandName: "nowhere", commandOptions: new HttpCommandOptions
            {
                PrepareRequest = context =>
                {
                    context.Request.Method = HttpMethod.Get;
                    return Task.CompletedTask;
                },
            });
        await sample.StartAsync(Cancellation);
        await sample.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);

        Assert.True((await sample.ExecuteAsync("hank", "own", Cancellation)).Success);
        Assert.Equal("hank", seen);
        Assert.Equal("broken", (await sample.ExecuteAsync("hank", "broken", Cancellation)).ErrorMessage);
        Assert.True((await sample.ExecuteAsync("hank", "recover", Cancellation)).Success);
        Assert.Contains(nameof(HttpStatusCode.NotFound), (await sample.ExecuteAsync("hank", "nowhere", Cancellation)).ErrorMessage, StringComparison.Ordinal);
    }
}
