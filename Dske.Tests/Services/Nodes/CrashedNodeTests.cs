using Dske.Hub.Hosting;
using Dske.Tests.Network;
using Dske.Tests.Processes;

namespace Dske.Tests.Services.Nodes;

/// <summary>A node ends by the signal that it is sent, even one that is about to be gone for another reason.</summary>
[Trait("Tier", "Services")]
public sealed class CrashedNodeTests : IDisposable
{
    /// <summary>What is added to a signal in the exit code of a process that it ended.</summary>
    private const int BySignal = 128;

    private const int Killed = 9;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory(Timeout = 120_000)]
    [InlineData(false, Signal.Aborted)]
    [InlineData(true, Killed)]
    public async Task It_ends_by_the_first_signal_that_ends_it(bool isKilledBefore, int signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Which signals a process takes note of is told by /proc.");
        var settings = new Dictionary<string, string?>
        {
            ["Dske:Hub:Name"] = "hank",
            ["Dske:Hub:Threshold"] = "3",
            ["Dske:Hub:OutOfBand:Mode"] = "open",
            ["Dske:Storage:InMemory"] = "true",
        };
        foreach (var (index, hub) in LoopbackNetwork.HubNames.Index())
        {
            settings[$"Dske:Hub:Hubs:{index}"] = hub;
        }

        await using var hank = await RunningNode.StartAsync(typeof(HubOptions).Assembly, _directory, settings, TestContext.Current.CancellationToken);
        if (isKilledBefore)
        {
            Signal.Kill(hank.Id);
        }

        Assert.Equal(BySignal + signal, await hank.CrashAsync(Signal.Aborted, TestContext.Current.CancellationToken));
    }
}
