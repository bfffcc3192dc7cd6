namespace Dske.Encryptor.Sinks;

/// <summary>How long to wait after each of several failures in a row: twice as long as before, up to <see cref="Longest"/>. For one thread at a time.</summary>
internal sealed class Backoff
{
    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _first;
    private TimeSpan _next;

    /// <param name="first">The first wait, more than nothing.</param>
    public Backoff(TimeSpan first) => _first = _next = first;

    /// <summary>The wait after one failure more.</summary>
    public TimeSpan Next()
    {
        var wait = _next;
        _next = wait * 2 < Longest ? wait * 2 : Longest;
        return wait;
    }

    /// <summary>Starts over after a success.</summary>
    public void Reset() => _next = _first;
}
