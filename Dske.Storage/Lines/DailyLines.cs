using System.Globalization;
using Dske.Storage.Files;
using Dske.Storage.Records;

namespace Dske.Storage.Lines;

/// <summary>
/// Appends lines to the files of a directory, one file for each day: <c>2026-01-31.jsonl</c>. Files are readable for their owner alone, and
/// never shortened or deleted. A line that a kill or a full disk cut off stays a line of its own.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Lines are written in the order in which they were appended, by one writer at a time; those that wait together
/// share one write and one flush.
/// </remarks>
public sealed class DailyLines : IDisposable
{
    private const byte LineFeed = (byte)'\n';

    private readonly IStorageFiles _files;
    private readonly bool _flushes;
    private readonly WriteQueue<(DateOnly Day, ReadOnlyMemory<byte> Line)> _queue;

    // Only the writer of the queue touches these.
    private IStorageFile? _file;
    private DateOnly _day;
    private long _end;
    private bool _isCutOff;

    /// <summary>Appends to the files of a directory.</summary>
    /// <param name="files">The directory.</param>
    /// <param name="flushes">Whether each line is flushed to the disk.</param>
    /// <param name="time">The clock of the queue.</param>
    internal DailyLines(IStorageFiles files, bool flushes, TimeProvider time)
    {
        (_files, _flushes) = (files, flushes);
        _queue = new WriteQueue<(DateOnly Day, ReadOnlyMemory<byte> Line)>(Write, time);
    }

    /// <summary>Opens a directory, which is made when it is not there.</summary>
    /// <param name="directory">The path.</param>
    /// <param name="flushes">
    /// Whether each line is flushed to the disk before <see cref="AppendAsync"/> ends, and so survives a loss of power; otherwise it is with
    /// the operating system by then, and survives the end of this process, however it comes.
    /// </param>
    /// <param name="time">The clock of the queue.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="StorageException">The directory cannot be made or closed to other users.</exception>
    public static DailyLines Open(string directory, bool flushes, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(time);
        var path = Path.GetFullPath(directory);
        OwnerOnly.Prepare(path);
        return new DailyLines(new DiskFiles(path), flushes, time);
    }

    /// <summary>Appends a line to the file of a day.</summary>
    /// <param name="day">The day, in UTC.</param>
    /// <param name="line">The line without its end, as UTF-8; it must not change until the task ends.</param>
    /// <returns>Ends when the line is written.</returns>
    /// <exception cref="StorageException">The line could not be written, or not whole.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public Task AppendAsync(DateOnly day, ReadOnlyMemory<byte> line) => _queue.AddAsync((day, line));

    /// <summary>Writes what waits and closes the file. Harmless when repeated.</summary>
    public void Dispose()
    {
        _queue.Dispose();
        Close();
    }

    private void Write(IReadOnlyList<(DateOnly Day, ReadOnlyMemory<byte> Line)> lines)
    {
        try
        {
            for (var next = 0; next < lines.Count;)
            {
                var day = lines[next].Day;
                var text = new MemoryStream();
                Turn(day);
                if (_isCutOff)
                {
                    text.WriteByte(LineFeed);
                }

                for (; next < lines.Count && lines[next].Day == day; next++)
                {
                    text.Write(lines[next].Line.Span);
                    text.WriteByte(LineFeed);
                }

                _file!.Write(_end, text.GetBuffer().AsSpan(0, (int)text.Length));
                (_end, _isCutOff) = (_end + text.Length, false);
                if (_flushes)
                {
                    _file.Flush();
                }
            }
        }
        catch (StorageException)
        {
            // How much of it was written is for the next opening to find out.
            Close();
            throw;
        }
    }

    private void Turn(DateOnly day)
    {
        if (_file is not null && _day == day)
        {
            return;
        }

        Close();
        var name = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ".jsonl";
        if (_files.LengthOf(name) is null)
        {
            _file = _files.Create(name);
            _files.FlushNames();
        }
        else
        {
            _file = _files.Open(name);
        }

        (_day, _end) = (day, _file.Length);
        Span<byte> last = [LineFeed];
        if (_end > 0)
        {
            _file.Read(_end - 1, last);
        }

        _isCutOff = last[0] != LineFeed;
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
