using System.Runtime.InteropServices;

namespace Dske.ServiceDefaults.Startup;

/// <summary>Keeps the system from writing a node's memory, secrets and all, to a file when the node crashes.</summary>
internal static class CoreDumps
{
    // From <sys/prctl.h> and <bits/resource.h>.
    private const int SetDumpable = 4;
    private const int CoreSize = 4;

    /// <summary>Turns dumps off for this process, for good. Does nothing where there is no such thing, or the system refuses.</summary>
    public static void Disable()
    {
        if (OperatingSystem.IsLinux())
        {
            // The size alone does not keep a dump from a program that the system pipes it to; the other does, and also ends debugging by others.
            var none = default(ResourceLimit);
            _ = SetLimit(CoreSize, in none);
            _ = Control(SetDumpable, 0, 0, 0, 0);
        }
    }

    [DllImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, in ResourceLimit limit);

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
