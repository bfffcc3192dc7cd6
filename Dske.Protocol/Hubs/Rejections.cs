using Dske.Protocol.Errors;

namespace Dske.Protocol.Hubs;

/// <summary>How many requests a hub refused since it started, by reason.</summary>
/// <remarks>Safe for concurrent use: interlocked.</remarks>
public sealed class Rejections
{
    private readonly long[] _counts = new long[Enum.GetValues<DskeError>().Length];
    private readonly string _hub;

    internal Rejections(string hub) => _hub = hub;

    /// <summary>Counts a request that was refused before it reached the engine, on a route out of band or for lack of room.</summary>
    /// <param name="error">Why.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is not defined.</exception>
    public void Count(DskeError error)
    {
        if (!Enum.IsDefined(error))
        {
            throw new ArgumentOutOfRangeException(nameof(error), error, "Not a DSKE error.");
        }

        Note(error);
        HubDiagnostics.CountRejected(_hub, error);
    }

    /// <summary>Counts a refusal that the metrics know already, by the outcome of what was asked for.</summary>
    internal void Note(DskeError error) => Interlocked.Increment(ref _counts[(int)error]);

    /// <summary>The reasons that occurred, by their short names (<see cref="DskeErrors.GetName"/>), with their counts.</summary>
    public IReadOnlyDictionary<string, long> GetCounts()
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var error in Enum.GetValues<DskeError>())
        {
            if (Interlocked.Read(ref _counts[(int)error]) is > 0 and var count)
            {
                counts.Add(DskeErrors.GetName(error), count);
            }
        }

        return counts;
    }
}
