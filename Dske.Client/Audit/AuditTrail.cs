using System.Text;
using Dske.Storage.Lines;

namespace Dske.Client.Audit;

/// <summary>
/// Writes down who got which key, and who was refused: a line of JSON each, in one file a day, or in the log where the node keeps nothing.
/// Never a key. What is not written down is not handed out.
/// </summary>
/// <remarks>
/// Safe for concurrent use: lines go through the one writer of <see cref="DailyLines"/>, the count of refusals and what the log says are under a lock of
/// their own, which is never held while something is written.
/// </remarks>
/// <param name="lines">Where the lines go, disposed with this; null for the log.</param>
/// <param name="time">Tells the time of a line, and so its file.</param>
/// <param name="logger">Where the lines go otherwise, and what is wrong with the files.</param>
internal sealed partial class AuditTrail(DailyLines? lines, TimeProvider time, ILogger<AuditTrail> logger) : IDisposable
{
    /// <summary>How many bytes of a day's file refusals may take: nobody fills the disk by being refused.</summary>
    public const int MaxRefusedBytesPerDay = 16 * 1024 * 1024;

    // Whoever is refused has something written down, and could fill the log while the disk is full.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private bool _isSaidToFail;
    private long? _saidAt;
    private DateOnly _refusalDay;
    private long _refusedBytes;

    /// <summary>Writes down that keys are handed over. Call it before they are.</summary>
    /// <param name="record">Who gets which.</param>
    /// <returns>False when it could not be written: hand nothing over.</returns>
    public Task<bool> TryRecordAsync(AuditRecord record)
    {
        var now = time.GetUtcNow();
        return TryWriteAsync(now, AuditLine.Write(record, now));
    }

    /// <summary>Writes down that somebody was refused, as long as there is room for it. That it could not be written is in the log.</summary>
    /// <param name="record">Who was refused what.</param>
    public Task RecordRefusalAsync(AuditRecord record)
    {
        var now = time.GetUtcNow();
        var line = AuditLine.Write(record, now);
        return Admit(DateOf(now), line.Length) switch
        {
            Admission.Yes => TryWriteAsync(now, line),
            Admission.Last => TryWriteAsync(now, AuditLine.Write(new AuditRecord("refusals", "no more of them today"), now)),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>Writes what waits and closes the file.</summary>
    public void Dispose() => lines?.Dispose();

    private static DateOnly DateOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    private async Task<bool> TryWriteAsync(DateTimeOffset now, ReadOnlyMemory<byte> line)
    {
        if (lines is null)
        {
            LogLine(logger, Encoding.UTF8.GetString(line.Span));
            return true;
        }

        try
        {
            await lines.AppendAsync(DateOf(now), line);
            if (IsNews(fails: false))
            {
                LogWrittenAgain(logger);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            if (IsNews(fails: true))
            {
                LogNotWritten(logger, e.Message);
            }

            return false;
        }
    }

    /// <summary>Whether the log says something else, and said it long enough ago.</summary>
    private bool IsNews(bool fails)
    {
        lock (_lock)
        {
            if (_isSaidToFail == fails || (_saidAt is { } saidAt && time.GetElapsedTime(saidAt) < Pause))
            {
                return false;
            }

            (_isSaidToFail, _saidAt) = (fails, time.GetTimestamp());
            return true;
        }
    }

    private Admission Admit(DateOnly day, int bytes)
    {
        lock (_lock)
        {
            if (_refusalDay != day)
            {
                (_refusalDay, _refusedBytes) = (day, 0);
            }

            var before = _refusedBytes;
            _refusedBytes += bytes;
            return _refusedBytes <= MaxRefusedBytesPerDay ? Admission.Yes : before <= MaxRefusedBytesPerDay ? Admission.Last : Admission.No;
        }
    }

    [LoggerMessage(2301, LogLevel.Information, "Audit: {Line}")]
    private static partial void LogLine(ILogger logger, string line);

    [LoggerMessage(2302, LogLevel.Error, "The audit trail cannot be written, and no key is handed out until it can: {Reason}")]
    private static partial void LogNotWritten(ILogger logger, string reason);

    [LoggerMessage(2303, LogLevel.Information, "The audit trail is written again, and keys are handed out")]
    private static partial void LogWrittenAgain(ILogger logger);

    private enum Admission
    {
        Yes,
        Last,
        No,
    }
}
