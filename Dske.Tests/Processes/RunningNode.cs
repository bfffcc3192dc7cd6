using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Dske.Tests.Processes;

/// <summary>
/// A node as a process of its own, on a loopback port that the system chooses and at its most verbose. The system would write a core file to
/// its directory if it crashed, where the system does so and nobody has forbidden it.
/// </summary>
internal sealed partial class RunningNode : IAsyncDisposable
{
    // What the node was started with does not count for a process that a shell starts without limits.
    private const string Unlimited = "ulimit -c unlimited 2>/dev/null; exec \"$@\"";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningNode(Assembly node, DirectoryInfo directory, IReadOnlyDictionary<string, string?> settings)
    {
        string[] categories = ["Default", "Microsoft.AspNetCore", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Http", "Polly", "System.Net.Http"];
        string[] arguments =
        [
            "-c", Unlimited, "sh", "dotnet", "exec", node.Location, "--urls=http://127.0.0.1:0",
            .. categories.Select(category => $"--Logging:LogLevel:{category}=Trace"),
            .. settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        ];
        var start = new ProcessStartInfo("sh", arguments) { WorkingDirectory = directory.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
    }

    public int Id => _process.Id;

    public Uri Url => _listening.Task.Result;

    /// <summary>What it wrote so far to its output and to its errors, a line each.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Starts a node and waits until it listens.</summary>
    /// <param name="node">The node's program.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="settings">The configuration.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidOperationException">The node ended before it listened.</exception>
    public static async Task<RunningNode> StartAsync(
        Assembly node, DirectoryInfo directory, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var started = new RunningNode(node, directory, settings);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        try
        {
            var ended = started._process.WaitForExitAsync(cancellationToken);
            if (await Task.WhenAny(started._listening.Task, ended) == ended)
            {
                await ended;
                throw new InvalidOperationException($"The node ended at once: {string.Join('\n', started.Output)}");
            }

            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>The row of its limits that begins with a name: the soft limit, the hard limit and the unit.</summary>
    public string[] ReadLimit(string name) => File.ReadLines($"/proc/{Id}/limits").Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..]
        .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Ends it by a signal of those that make the system write core files, and waits until all that it wrote has been read.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> CrashAsync(int signal, CancellationToken cancellationToken)
    {
        // The runtime takes note of the first one and leaves the next one to the system: a real fault comes again, and so does abort().
        // It may be gone at any moment, and not only when it was looked for last.
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var isThere = Signal.TrySend(Id, signal); isThere; isThere = !_process.HasExited)
        {
            if (!Catches(signal))
            {
                Signal.TrySend(Id, signal);
                break;
            }

            await poll.WaitForNextTickAsync(cancellationToken);
        }

        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    /// <summary>Whether it takes note of a signal by itself; one that is gone does not.</summary>
    private bool Catches(int signal)
    {
        const string Caught = "SigCgt:";
        string? mask;
        try
        {
            mask = File.ReadLines($"/proc/{Id}/status").SingleOrDefault(line => line.StartsWith(Caught, StringComparison.Ordinal))?[Caught.Length..];
        }

        // A file that is not there any more, or one whose process went while it was read (ESRCH).
        catch (IOException)
        {
            return false;
        }

        return mask is not null && (ulong.Parse(mask, NumberStyles.AllowHexSpecifier | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                _listening.TrySetResult(new Uri(match.Groups["url"].Value));
            }
        }
    }

    [GeneratedRegex("Now listening on: (?<url>http://[0-9.:]+)")]
    private static partial Regex Listening();
}
