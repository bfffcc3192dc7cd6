using System.Globalization;
using System.Text;
using Dske.Protocol.Psrd;

namespace Dske.Storage.Journal;

/// <summary>
/// Appends a line to a file for every use of PSRD: <c>allocated</c> or <c>taken</c>, the peer, the owner of the pool, and the bytes as
/// <c>uuid:start:size</c> joined by commas. It tells which bytes were used, never what they were. Each opening adds the line <c>opened</c>,
/// after an empty line where there is something before it: what a kill cut off stays a line of its own.
/// </summary>
/// <remarks>Safe for concurrent use: one lock. A line is with the operating system before the bytes that it names leave their pool.</remarks>
public sealed class PsrdJournalFile : IPsrdJournal, IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;

    /// <summary>Opens the file for appending; makes it, readable for its owner alone, when it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public PsrdJournalFile(string path)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            _file = new FileStream(path, options);
            _file.Write(_file.Length == 0 ? "opened\n"u8 : "\nopened\n"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(path, "The journal cannot be written.", $"Name another file with {StorageOptions.Section}:JournalFile, or none.", e);
        }
    }

    /// <inheritdoc />
    public void Allocated(PsrdPoolKey pool, Allocation allocation) => Write("allocated", pool, allocation);

    /// <inheritdoc />
    public void Taken(PsrdPoolKey pool, Allocation allocation) => Write("taken", pool, allocation);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private void Write(string use, PsrdPoolKey pool, Allocation allocation)
    {
        var owner = pool.Owner == PoolOwner.Client ? "client" : "hub";
        var line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{use} {pool.Peer} {owner} {allocation}\n"));
        lock (_lock)
        {
            _file.Write(line);
        }
    }
}
