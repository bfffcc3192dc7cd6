using SampleApp;

namespace Dske.Tests.Unit.LocalHosting;

[Trait("Tier", "Unit")]
public sealed class TestingBuilderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task The_entry_point_of_the_AppHost_runs_with_its_arguments_and_takes_free_ports()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<SampleProject>(["apphost", "0", "hank", "carol"], Cancellation);
        Assert.Equal(["hank", "carol"], builder.Resources.Select(resource => resource.Name));

        await using var application = await builder.BuildAsync(Cancellation);
        await application.StartAsync(Cancellation);

        await application.ResourceNotifications.WaitForResourceAsync("carol", cancellationToken: Cancellation);
        int[] ports = [application.GetEndpoint("hank").Port, application.GetEndpoint("carol", "http").Port];
        Assert.Equal(2, ports.Distinct().Count());
        Assert.DoesNotContain(SampleAppHost.PortThatTestsReplace, ports);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Disposing_stops_the_nodes_and_ends_the_entry_point()
    {
        await using var lifelines = new Lifelines();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<SampleProject>(["apphost", lifelines.Port, "hank"], Cancellation);
        var application = await builder.BuildAsync(Cancellation);
        await application.StartAsync(Cancellation);
        var hank = await lifelines.AcceptAsync(Cancellation);
        var notifications = application.ResourceNotifications;

        await application.DisposeAsync();

        await hank.WaitForEndAsync(Cancellation);
        Assert.Equal(KnownResourceStates.Finished, notifications.TryGetCurrentState("hank", out var end) ? end.Snapshot.State?.Text : null);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Disposing_before_building_starts_nothing()
    {
        await using var lifelines = new Lifelines();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<SampleProject>(["apphost", lifelines.Port, "hank"], Cancellation);

        await builder.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => builder.BuildAsync(Cancellation));
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task An_entry_point_that_builds_nothing_is_an_error()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<SampleProject>(["apphost"], Cancellation));

        Assert.Contains("SampleApp", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Two_applications_run_side_by_side()
    {
        await using var first = await SampleApplication.CreateAsync(Cancellation);
        await using var second = await SampleApplication.CreateAsync(Cancellation);
        first.Add("hank");
        second.Add("hank");

        await Task.WhenAll(first.StartAsync(Cancellation), second.StartAsync(Cancellation));

        await first.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);
        await second.Notifications.WaitForResourceHealthyAsync("hank", Cancellation);
        Assert.NotEqual(first.Application.GetEndpoint("hank"), second.Application.GetEndpoint("hank"));
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task An_unknown_resource_or_endpoint_is_an_argument_error()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);

        Assert.Throws<ArgumentException>(() => sample.Application.GetEndpoint("nobody"));
        Assert.Throws<ArgumentException>(() => sample.Application.CreateHttpClient("hank", "https"));
    }
}
