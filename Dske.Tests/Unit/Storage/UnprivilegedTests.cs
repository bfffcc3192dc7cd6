using System.Runtime.InteropServices;
using Dske.Protocol.Secrets;
using Dske.Storage;
using Dske.Tests.Unit.Psrd;

namespace Dske.Tests.Unit.Storage;

/// <summary>
/// Directories that may not be written. A superuser may write everywhere, so that the tests give up their rights for a while, on a thread of
/// their own: on Linux a system call changes the user of the thread that makes it.
/// </summary>
[Trait("Tier", "Unit")]
public sealed class UnprivilegedTests : IDisposable
{
    private const int Nobody = 65534;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_directory_that_may_not_be_made_is_refused()
    {
        var refusal = Refusal();

        Assert.StartsWith(_directory.Path, refusal.Path, StringComparison.Ordinal);
        Assert.Contains("may not be read or written", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ownership", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory.Path));
    }

    [Fact]
    public void A_directory_of_somebody_else_is_refused_and_loses_nothing()
    {
        var blocks = new PsrdBlocks(seed: 1, 1000);
        using (var storage = HubStorage.Open(_directory.Path, SystemEntropySource.Instance))
        {
            storage.Psrd.Add(PsrdBlocks.Pool, blocks[0], blocks.All[0].Data);
        }

        var refusal = Refusal();

        Assert.StartsWith(_directory.Path, refusal.Path, StringComparison.Ordinal);
        Assert.Contains("may not be read or written", refusal.Message, StringComparison.Ordinal);
        using var again = HubStorage.Open(_directory.Path, SystemEntropySource.Instance);
        Assert.Equal(1000, Assert.Single(again.Psrd.Open(PsrdBlocks.Pool)).Size);
    }

    private StorageException Refusal()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Needs a superuser on Linux, who can give up rights.");
        var number = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 117,
            Architecture.Arm64 => 147,
            _ => -1,
        };
        Assert.SkipWhen(number < 0, "The number of the system call is not known here.");

        // Others may come by, but not look in or write.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.GetDirectoryName(_directory.Path)!, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        Exception? caught = null;
        var thread = new Thread(() =>
        {
            // setresuid(-1, nobody, -1): only the effective user, and only this thread's, which ends with it.
            if (SystemCall(number, -1, Nobody, -1) != 0)
            {
                caught = new InvalidOperationException($"Rights could not be given up: error {Marshal.GetLastPInvokeError()}.");
                return;
            }

            caught = Record.Exception(() => HubStorage.Open(_directory.Path, SystemEntropySource.Instance).Dispose());
        });
        thread.Start();
        thread.Join();
        return Assert.IsType<StorageException>(caught);
    }

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint SystemCall(nint number, nint first, nint second, nint third);
}
