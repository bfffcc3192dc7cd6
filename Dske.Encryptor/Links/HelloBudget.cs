namespace Dske.Encryptor.Links;

/// <summary>How many hellos of one peer may cost keys: <see cref="Burst"/> at once, <see cref="PerSecond"/> in the long run.</summary>
/// <remarks>Not safe for concurrent use: hellos of a peer are answered one after the other.</remarks>
internal sealed class HelloBudget(TimeProvider time)
{
    public const int Burst = 10;
    public const int PerSecond = 5;

    private double _left = Burst;
    private long _at = time.GetTimestamp();

    /// <summary>Takes one, if there is one.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(Burst, _left + (time.GetElapsedTime(_at, now).TotalSeconds * PerSecond));
        _at = now;
        if (_left < 1)
        {
            return false;
        }

        _left--;
        return true;
    }
}
