using System.Runtime.InteropServices;

namespace Dske.LocalHosting;

/// <summary>
/// The signals that .NET has no call for. Where there are none (Windows), a process is told to stop by closing its standard input.
/// </summary>
internal static class ProcessSignals
{
    private const int SigTerm = 15;

    private static readonly int SigCont = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>Asks a process to stop, and continues it if it is suspended, so that it can.</summary>
    public static void Terminate(int processId)
    {
        if (!OperatingSystem.IsWindows())
        {
            // A process that is gone already is no error here.
            _ = Kill(processId, SigTerm);
            _ = Kill(processId, SigCont);
        }
        else if (processId == Environment.ProcessId)
        {
            Environment.Exit(0);
        }
    }

    public static void LeaveProcessGroup()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetProcessGroup(0, 0);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);

    [DllImport("libc", EntryPoint = "setpgid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetProcessGroup(int processId, int groupId);
}
