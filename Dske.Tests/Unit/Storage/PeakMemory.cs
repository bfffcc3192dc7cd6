namespace Dske.Tests.Unit.Storage;

/// <summary>The memory of this process as Linux accounts for it, in bytes. For tests that run alone.</summary>
internal static class PeakMemory
{
    /// <summary>What is resident.</summary>
    public static long Now => Status("VmRSS");

    /// <summary>The most that was resident since <see cref="Reset"/>.</summary>
    public static long Peak => Status("VmHWM");

    /// <summary>Begins to measure. Skips the test where that is not allowed.</summary>
    public static void Reset()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (UnauthorizedAccessException)
        {
            Assert.Skip("Somebody in this process has turned core dumps off, and with them this file for all but root.");
        }
    }

    private static long Status(string name) => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith(name + ":", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) << 10)
        .Single();
}
