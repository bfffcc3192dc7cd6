using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Dske.LocalHosting;

/// <summary>
/// Runs in each child process before its entry point (<c>DOTNET_STARTUP_HOOKS</c>; the runtime fixes the name, the missing namespace
/// and the method) and ends the child when the AppHost is gone, however it went: the AppHost holds the other end of the child's
/// standard input, which the operating system closes with it. A suspended child ends once it is continued, which the system sees to.
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for it in the global namespace.")]
internal static class StartupHook
{
    public static void Initialize()
    {
        // The hook is for this process alone, not for those that it may start.
        var outerHooks = Environment.GetEnvironmentVariable(ChildEnvironment.OuterStartupHooks);
        Environment.SetEnvironmentVariable(ChildEnvironment.StartupHooks, string.IsNullOrEmpty(outerHooks) ? null : outerHooks);
        Environment.SetEnvironmentVariable(ChildEnvironment.OuterStartupHooks, null);

        // Ctrl+C in a terminal goes to its whole process group. The AppHost alone is to hear it, and stops its children in its own way.
        ProcessSignals.LeaveProcessGroup();

        new Thread(EndWithAppHost) { IsBackground = true, Name = "AppHost watch" }.Start();
    }

    private static void EndWithAppHost()
    {
        using (var input = Console.OpenStandardInput())
        {
            Span<byte> buffer = stackalloc byte[16];
            while (input.Read(buffer) > 0)
            {
            }
        }

        // As if told to stop. A process that does not within the grace period is killed: a signal that leaves no core dump behind.
        ProcessSignals.Terminate(Environment.ProcessId);
        using var never = new ManualResetEventSlim();
        never.Wait(ChildProcess.GracePeriod);
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
