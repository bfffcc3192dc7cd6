using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Dske.Tests.Services.Hub;

namespace Dske.Tests.Services.Nodes;

[Trait("Tier", "Services")]
public sealed class CoreDumpTests
{
    // From <sys/prctl.h>.
    private const int GetDumpable = 3;

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_node_that_crashes_leaves_none_of_its_memory_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lets a process turn off its dumps.");
        await using var hub = HubNode.Start();

        var limit = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max core file size", StringComparison.Ordinal));
        Assert.Equal(["0", "0", "bytes"], limit["Max core file size".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, Control(GetDumpable, 0, 0, 0, 0));
    }

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
