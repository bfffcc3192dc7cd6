using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dske.LocalHosting;

/// <summary>One run of a project as a child process.</summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>How long a process that was told to stop may take before it is killed.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(4);

    private const int LastLinesKept = 12;

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new(LastLinesKept);

    private ChildProcess(Process process, Action<string, bool> writeLine)
    {
        _process = process;
        Id = process.Id;
        Ended = WaitForEndAsync(
            ForwardAsync(process.StandardOutput, line => writeLine(line, false)),
            ForwardAsync(process.StandardError, line => writeLine(line, true)));
    }

    public int Id { get; }

    /// <summary>Ends with the process, once its output has been forwarded; the result is the exit code.</summary>
    public Task<int> Ended { get; }

    /// <summary>Whether the process was told to stop.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>The last lines of output.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lastLines)
            {
                return [.. _lastLines];
            }
        }
    }

    /// <summary>Starts the build output of a project.</summary>
    /// <param name="project">The project.</param>
    /// <param name="environment">Variables on top of those of this process.</param>
    /// <param name="writeLine">Takes each line of output, and whether it came from standard error; concurrently.</param>
    /// <exception cref="DistributedApplicationException">There is no build output.</exception>
    public static ChildProcess Start(
        IProjectMetadata project, IEnumerable<KeyValuePair<string, string>> environment, Action<string, bool> writeLine)
    {
        if (!File.Exists(project.AssemblyPath))
        {
            throw new DistributedApplicationException($"'{project.AssemblyPath}' does not exist: build '{project.ProjectPath}'.");
        }

        var folder = Path.GetDirectoryName(project.ProjectPath);
        var start = new ProcessStartInfo(DotnetHost(), ["exec", project.AssemblyPath])
        {
            WorkingDirectory = Directory.Exists(folder) ? folder : Path.GetDirectoryName(project.AssemblyPath),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!, writeLine);
    }

    /// <summary>Tells the process to stop, kills it after the grace period, and waits for its end.</summary>
    /// <param name="time">Measures the grace period.</param>
    /// <returns>Whether it had to be killed.</returns>
    public async Task<bool> StopAsync(TimeProvider time)
    {
        IsStopping = true;
        ProcessSignals.Terminate(Id);
        if (OperatingSystem.IsWindows())
        {
            _process.StandardInput.Close();
        }

        try
        {
            await Ended.WaitAsync(GracePeriod, time);
            return false;
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await Ended;
            return true;
        }
    }

    public void Dispose() => _process.Dispose();

    /// <summary>The dotnet command that this process runs on: what starts the AppHost starts its children.</summary>
    private static string DotnetHost() => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    private async Task ForwardAsync(StreamReader output, Action<string> writeLine)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_lastLines)
            {
                if (_lastLines.Count == LastLinesKept)
                {
                    _lastLines.Dequeue();
                }

                _lastLines.Enqueue(line);
            }

            writeLine(line);
        }
    }

    private async Task<int> WaitForEndAsync(params Task[] forwarding)
    {
        await _process.WaitForExitAsync();
        await Task.WhenAll(forwarding);
        return _process.ExitCode;
    }
}
