using System.Runtime.InteropServices;

namespace Dske.Tests.Processes;

/// <summary>Sends signals to processes of the tests.</summary>
internal static class Signal
{
    /// <summary>What a process gets that gives itself up.</summary>
    public const int Aborted = 6;

    /// <summary>What a process gets that touches memory that is not there.</summary>
    public const int Faulted = 11;

    public static void Suspend(int processId) => Send(processId, OperatingSystem.IsMacOS() ? 17 : 19);

    public static void Continue(int processId) => Send(processId, OperatingSystem.IsMacOS() ? 19 : 18);

    public static void Terminate(int processId) => Send(processId, 15);

    public static void Interrupt(int processId) => Send(processId, 2);

    public static void Kill(int processId) => Send(processId, 9);

    public static void Send(int processId, int signal) => Assert.True(TrySend(processId, signal), "There is no such process.");

    /// <summary>Sends a signal to a process that may have ended.</summary>
    /// <returns>False when there is no such process any more.</returns>
    public static bool TrySend(int processId, int signal)
    {
        const int NoSuchProcess = 3;
        if (Native(processId, signal) == 0)
        {
            return true;
        }

        Assert.Equal(NoSuchProcess, Marshal.GetLastPInvokeError());
        return false;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Native(int processId, int signal);
}
