using System.Runtime.InteropServices;
using System.Text;

namespace Dske.AppHost.Launch;

/// <summary>
/// How an AppHost goes into the background, once all that can be wrong beforehand was said where it was started: it leaves the session of its terminal,
/// so that closing it or Ctrl+C there no longer concern the network, and writes to a file from then on. Whoever started it sees its output end, and
/// knows by that.
/// </summary>
internal static class Background
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>Goes into the background.</summary>
    /// <param name="logFile">The file, which its owner alone can read. What an earlier run left there is kept beside it, once, as <c>.old</c>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    public static void Enter(string logFile)
    {
        if (File.Exists(logFile))
        {
            File.Move(logFile, logFile + ".old", overwrite: true);
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (OperatingSystem.IsWindows())
        {
            WriteTo(new FileStream(logFile, options));
            return;
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(logFile, options))
        {
            // The descriptors themselves, so that the last words of a runtime that fails go there too.
            var descriptor = file.SafeFileHandle.DangerousGetHandle().ToInt32();
            if (Duplicate(descriptor, StandardOutput) < 0 || Duplicate(descriptor, StandardError) < 0)
            {
                throw new IOException($"{logFile} cannot take the place of the standard output.");
            }
        }

        _ = CreateSession();
        WriteTo(Console.OpenStandardOutput());
    }

    private static void WriteTo(Stream stream)
    {
        var writer = TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
        Console.SetOut(writer);
        Console.SetError(writer);
    }

    [DllImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CreateSession();

    [DllImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int descriptor, int target);
}
