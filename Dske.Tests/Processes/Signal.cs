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

    public static void Send(int processId, int signal) => Assert.Equal(0, Native(processId, signal));

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Native(int processId, int signal);
}
