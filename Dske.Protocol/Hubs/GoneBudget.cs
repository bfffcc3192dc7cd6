namespace Dske.Protocol.Hubs;

/// <summary>
/// How often a hub signs an answer to a request that it cannot check, because the bytes that would prove it are gone: anybody can send
/// such requests, and each answer costs PSRD. At most once a second, and 1,000 times a day.
/// </summary>
/// <remarks>Safe for concurrent use: one lock.</remarks>
internal sealed class GoneBudget(TimeProvider time)
{
    private const int MostPerDay = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private long? _last;
    private long _dayBegan = time.GetTimestamp();
    private int _today;

    /// <summary>Whether one more may be signed; it counts then.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            if (_last is { } last && time.GetElapsedTime(last) < Interval)
            {
                return false;
            }

            if (time.GetElapsedTime(_dayBegan) >= Day)
            {
                (_dayBegan, _today) = (time.GetTimestamp(), 0);
            }

            if (_today == MostPerDay)
            {
                return false;
            }

            (_last, _today) = (time.GetTimestamp(), _today + 1);
            return true;
        }
    }
}
