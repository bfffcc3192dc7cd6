using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Processes;

/// <summary>One end of a tunnel of TLS-PSK over loopback: stunnel, as <c>docs/skip.md</c> has it.</summary>
internal sealed partial class Stunnel : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Stunnel(string program, string configuration)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, [configuration]) { RedirectStandardError = true, RedirectStandardOutput = true },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Exited += (_, _) => _port.TrySetException(new InvalidOperationException($"stunnel did not start:\n{Log}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program; null where it is not installed.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
        .SelectMany(directory => new[] { "stunnel4", "stunnel" }, Path.Combine).FirstOrDefault(File.Exists);

    /// <summary>Where it listens, on loopback: the system chose.</summary>
    public int Port => _port.Task.Result;

    /// <summary>What it has logged so far.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts one end, and waits until it listens.</summary>
    /// <param name="directory">Where its files go.</param>
    /// <param name="isClient">Whether it takes plain connections and speaks TLS, or the other way round.</param>
    /// <param name="connect">The port on loopback to which it passes on what it gets.</param>
    /// <param name="identity">The name of the pre-shared key.</param>
    /// <param name="key">The pre-shared key, in hexadecimal.</param>
    public static async Task<Stunnel> StartAsync(DirectoryInfo directory, bool isClient, int connect, string identity, string key)
    {
        var file = Path.Combine(directory.FullName, isClient ? "client" : "server");
        OwnerOnlyFile.WriteLine(file + ".psk", Encoding.ASCII.GetBytes($"{identity}:{key}"));
        await File.WriteAllTextAsync(
            file + ".conf",
            $"""
            foreground = yes
            pid =
            syslog = no
            debug = info

            [skip]
            client = {(isClient ? "yes" : "no")}
            accept = 127.0.0.1:0
            connect = 127.0.0.1:{connect}
            sslVersion = TLSv1.2
            ciphers = DHE-PSK-AES256-CBC-SHA384:DHE-PSK-AES256-CBC-SHA
            PSKsecrets = {file}.psk

            """,
            TestContext.Current.CancellationToken);
        var stunnel = new Stunnel(Program!, file + ".conf");
        try
        {
            await stunnel._port.Task.WaitAsync(TestContext.Current.CancellationToken);
            return stunnel;
        }
        catch
        {
            await stunnel.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Note(string? line)
    {
        _log.Enqueue(line ?? string.Empty);
        if (line is not null && Bound().Match(line) is { Success: true } bound)
        {
            _port.TrySetResult(int.Parse(bound.Groups[1].Value, CultureInfo.InvariantCulture));
        }
    }

    [GeneratedRegex(@"bound to 127\.0\.0\.1:(\d+)$")]
    private static partial Regex Bound();
}
