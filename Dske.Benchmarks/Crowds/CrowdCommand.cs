using System.CommandLine;
using System.Globalization;
using Dske.Benchmarks.CommandLine;
using Dske.Benchmarks.Guard;

namespace Dske.Benchmarks.Crowds;

/// <summary><c>crowd</c>: what clients cost a hub that they have registered with and do not use.</summary>
internal static class CrowdCommand
{
    private const int MaxClients = 9_000;
    private const int MaxBytesPerLink = 64 * 1024;

    private const int Success = 0;
    private const int TooMuch = 1;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var clients = new Option<int>("--clients")
        {
            Description = $"How many clients the larger hub has, {CrowdedHub.Active + 1} to {MaxClients}. Each takes half a MiB of the disk for as long as this runs.",
            DefaultValueFactory = static _ => 1000,
            CustomParser = NumberWithin.Of(CrowdedHub.Active + 1, MaxClients),
        };
        var command = new Command(
            "crowd", "Compares a hub of many clients, most of them idle, with one of a few: processor time of a share, memory of an idle link. Exit code 1 when either is too much.")
        {
            clients,
        };
        command.SetAction(async (parsed, _) => await RunAsync(parsed.GetValue(clients), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static async Task<int> RunAsync(int clients, TextWriter output)
    {
        var parent = Environment.GetEnvironmentVariable("DSKE_BENCH_DATA") ?? Path.GetTempPath();
        using var few = CrowdedHub.Create(parent);
        using var many = CrowdedHub.Create(parent);

        // The first ones make what is there once.
        var idle = clients - CrowdedHub.Active;
        var first = Math.Min(idle - 1, 100);
        many.AddIdle(first);
        var before = MemoryInUse();
        many.AddIdle(idle - first);
        var after = MemoryInUse();
        var counted = idle - first;
        var (managed, resident) = ((after.Managed - before.Managed) / counted, (after.Resident - before.Resident) / counted);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{(managed <= MaxBytesPerLink ? "ok" : "more"),-8}managed memory of an idle link: {managed} bytes (at most {MaxBytesPerLink}), resident memory of the process: {resident} more ({counted} links)"));

        var outcome = await GuardCommand.MeasureAsync(new CrowdRatio(few, many));
        await output.WriteLineAsync(outcome.ToString());
        return outcome.IsRegression || managed > MaxBytesPerLink ? TooMuch : Success;
    }

    private static (long Managed, long Resident) MemoryInUse()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }
}
