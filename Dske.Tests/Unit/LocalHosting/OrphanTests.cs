using System.Diagnostics;
using Dske.Tests.Processes;
using SampleApp;

namespace Dske.Tests.Unit.LocalHosting;

/// <summary>However an AppHost ends, its nodes end too.</summary>
[Trait("Tier", "Unit")]
public sealed class OrphanTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task An_AppHost_that_is_killed_leaves_no_node_behind()
    {
        await using var lifelines = new Lifelines();
        using var appHost = StartAppHost(lifelines, "hank", "carol");
        var nodes = new[] { await lifelines.AcceptAsync(Cancellation), await lifelines.AcceptAsync(Cancellation) };

        Signal.Kill(appHost.Id);

        Assert.Equal(["carol", "hank"], nodes.Select(node => node.Name).Order());
        await Task.WhenAll(nodes.Select(node => node.WaitForEndAsync(Cancellation)));
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_suspended_node_ends_with_its_AppHost_too()
    {
        await using var lifelines = new Lifelines();
        using var appHost = StartAppHost(lifelines, "hank");
        var hank = await lifelines.AcceptAsync(Cancellation);
        Signal.Suspend(hank.ProcessId);

        Signal.Kill(appHost.Id);

        // The system continues a suspended process group whose last tie to its session is gone.
        await hank.WaitForEndAsync(Cancellation);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task An_AppHost_that_is_told_to_stop_ends_its_nodes_and_itself_in_order()
    {
        await using var lifelines = new Lifelines();
        using var appHost = StartAppHost(lifelines, "hank", "carol");
        var nodes = new[] { await lifelines.AcceptAsync(Cancellation), await lifelines.AcceptAsync(Cancellation) };

        Signal.Terminate(appHost.Id);

        await appHost.WaitForExitAsync(Cancellation);
        Assert.Equal(0, appHost.ExitCode);
        await Task.WhenAll(nodes.Select(node => node.WaitForEndAsync(Cancellation)));
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Nodes_leave_the_process_group_of_the_AppHost_so_that_Ctrl_C_reaches_it_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var lifelines = new Lifelines();
        using var appHost = StartAppHost(lifelines, "hank");
        var hank = await lifelines.AcceptAsync(Cancellation);

        Assert.Equal(hank.ProcessId, ProcessGroupOf(hank.ProcessId));
        Signal.Terminate(appHost.Id);
        await appHost.WaitForExitAsync(Cancellation);
    }

    private static int ProcessGroupOf(int processId) =>
        int.Parse(File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture);

    private static Process StartAppHost(Lifelines lifelines, params string[] names) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        ["exec", typeof(SampleProject).Assembly.Location, "apphost", lifelines.Port, .. names])
    {
        RedirectStandardOutput = true,
    })!;
}
