using System.Diagnostics;

namespace Dske.Cli.Network;

/// <summary>An AppHost that this command starts and that outlives it.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private const int Reported = 1;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly NetworkFiles _files;
    private readonly TimeProvider _time;
    private readonly Task<string> _errors;

    private AppHostProcess(Process process, NetworkFiles files, TimeProvider time)
    {
        _process = process;
        _files = files;
        _time = time;
        process.StandardInput.Close();
        _errors = process.StandardError.ReadToEndAsync();

        // Read so that it cannot fill up. Both end when the AppHost goes into the background.
        _ = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Starts it.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="files">The files of the network.</param>
    /// <param name="settings">How it is brought up.</param>
    /// <exception cref="CommandFailure">There is no AppHost, or no <c>dotnet</c>.</exception>
    public static AppHostProcess Start(CommandContext context, NetworkFiles files, LaunchSettings settings)
    {
        var start = new ProcessStartInfo(
            AppHostProgram.FindDotnet(context), ["exec", AppHostProgram.Find(context, settings.AppHost), .. settings.ToArguments(files)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetDirectoryName(files.TopologyFile),
        };
        try
        {
            return new AppHostProcess(Process.Start(start)!, files, context.Time);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CommandFailure(ExitCode.Failed, $"{start.FileName} cannot be run: {e.Message} Set DOTNET_ROOT to where it is.");
        }
    }

    /// <summary>Waits until the AppHost is in the background and can be asked.</summary>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>Control of the network, which the caller disposes.</returns>
    /// <exception cref="CommandFailure">It did not get so far; the message is what it said. If it took too long, it was ended.</exception>
    public async Task<NetworkControl> WaitForControlAsync(TimeSpan timeout, CancellationToken stop)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                // What it looks at before a start and finds in the way it reports with 1. Anything else it did not mean to do.
                throw new CommandFailure(_process.ExitCode == Reported ? ExitCode.WrongState : ExitCode.Failed, await ExplainAsync(stop));
            }

            // The file of an earlier network that was killed is still there.
            if (NetworkControl.TryOpen(_files, out var problem) is { } control)
            {
                if (control.ProcessId == _process.Id)
                {
                    return control;
                }

                control.Dispose();
            }

            if (_time.GetElapsedTime(start) >= timeout)
            {
                await KillAsync();
                throw new CommandFailure(
                    ExitCode.TimedOut, $"The AppHost could not be asked within {timeout.TotalSeconds:0} s, and was ended{(problem is null ? "." : $": {problem}")}");
            }

            await Task.Delay(PollInterval, _time, stop);
        }
    }

    /// <summary>Ends it, for a start that was called off. Its nodes, where it has any yet, notice and end by themselves.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private async Task<string> ExplainAsync(CancellationToken stop)
    {
        var lines = (await _errors.WaitAsync(stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 0 ? string.Join('\n', lines) : $"The AppHost has ended with exit code {_process.ExitCode}: {_files.LogFile} may say why.";
    }
}
