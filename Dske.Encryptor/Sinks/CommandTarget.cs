using System.ComponentModel;
using System.Diagnostics;
using Dske.Encryptor.Configuration;
using Dske.Protocol.Secrets;

namespace Dske.Encryptor.Sinks;

/// <summary>
/// A program that is run with the key on its standard input: without a shell, with next to no environment, and not for longer than it may.
/// What it writes is read and forgotten, since it may write the key.
/// </summary>
internal sealed class CommandTarget(SinkSettings sink, CommandTargetSettings settings, TimeProvider time) : ISinkTarget
{
    /// <summary>How much a program may write to its standard output and its standard error, in bytes each.</summary>
    public const int MaxOutput = 1024 * 1024;

    private const string DefaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <inheritdoc />
    public void Prepare()
    {
        // A program that an earlier process ran ended with it, or is not ours to end.
    }

    /// <inheritdoc />
    public async Task<SinkFailure?> HandOverAsync(SinkKey key, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.Timeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var process = new Process { StartInfo = Describe(key) };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return new SinkFailure("start", $"The program cannot be started ({e.GetType().Name}); the log says more.", e);
        }

        try
        {
            return await TalkAsync(process, key, ending);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new SinkFailure("timeout", $"The program did not end within {settings.Timeout.TotalSeconds:0.###} s and was killed.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SinkFailure("output", $"The program wrote more than {MaxOutput} bytes and was killed.");
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private ProcessStartInfo Describe(SinkKey key)
    {
        var start = new ProcessStartInfo(settings.Path, settings.Arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetPathRoot(settings.Path)!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : DefaultSearchPath;
        start.Environment["DSKE_SINK"] = sink.Name;
        start.Environment["DSKE_PEER"] = sink.Peer.SaeId.Value;
        start.Environment["DSKE_KEY_ID"] = key.Established.KeyId.ToString();
        start.Environment["DSKE_FINGERPRINT"] = key.Established.Fingerprint;
        return start;
    }

    private async Task<SinkFailure?> TalkAsync(Process process, SinkKey key, CancellationTokenSource ending)
    {
        var output = DrainAsync(process.StandardOutput.BaseStream, ending);
        var errors = DrainAsync(process.StandardError.BaseStream, ending);
        try
        {
            await WriteAsync(process, key, ending.Token);
            await process.WaitForExitAsync(ending.Token);
            return process.ExitCode == 0 ? null : new SinkFailure("exit", $"The program ended with exit code {process.ExitCode}.");
        }
        finally
        {
            // Not to their end: something that the program left behind may hold them open.
            await ending.CancelAsync();
            process.StandardOutput.Dispose();
            process.StandardError.Dispose();
            await Task.WhenAll(output, errors);
        }
    }

    private async Task WriteAsync(Process process, SinkKey key, CancellationToken cancellationToken)
    {
        // The stream below the writer: that one would keep a copy of its own.
        await using var input = process.StandardInput.BaseStream;
        using var text = sink.Format.Write(key.Key);
        try
        {
            await input.WriteAsync(text.WrittenMemory, cancellationToken);
        }
        catch (IOException)
        {
            // It reads no more, or has ended already. Its exit code says whether it has what it wanted.
        }
    }

    private static async Task DrainAsync(Stream stream, CancellationTokenSource ending)
    {
        using var buffer = new SecretBufferWriter(4096);
        try
        {
            for (long total = 0; total <= MaxOutput;)
            {
                var read = await stream.ReadAsync(buffer.GetMemory(), ending.Token);
                if (read == 0)
                {
                    return;
                }

                total += read;
            }

            await ending.CancelAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The program is over.
        }
    }

    private static async Task EndAsync(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is Win32Exception or AggregateException or InvalidOperationException)
        {
            // It ended just now, or runs as somebody whose processes are not ours to kill; waiting for that could take for ever.
            return;
        }

        await process.WaitForExitAsync(CancellationToken.None);
    }
}
