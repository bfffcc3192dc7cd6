using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dske.Storage.Files;

/// <summary>
/// Makes what was written to a file durable: its bytes, and its length if that changed. When it was last touched may get lost, which saves the file
/// system a second write.
/// </summary>
internal static class DataFlush
{
    /// <summary>Flushes a file to the disk.</summary>
    /// <exception cref="IOException">It failed: nothing written since the last flush counts as durable.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        if (FlushData(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException(new Win32Exception(error).Message, error);
        }
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FlushData(SafeFileHandle file);
}
