using System.Runtime.InteropServices;

namespace Dske.Benchmarks.Load;

/// <summary>What one worker counted. Not safe for concurrent use: each worker has its own, and they are added up at the end.</summary>
internal sealed class LoadTally
{
    private readonly List<TimeSpan> _latencies = [];
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);

    /// <summary>How long each exchange took that brought equal keys, in the order of their ends, or sorted by <see cref="Sort"/>.</summary>
    public ReadOnlySpan<TimeSpan> Latencies => CollectionsMarshal.AsSpan(_latencies);

    /// <summary>How often what went wrong.</summary>
    public IReadOnlyDictionary<string, long> Errors => _errors;

    /// <summary>How many equal pairs were made.</summary>
    public long Pairs { get; private set; }

    /// <summary>How many keys were not the same at both ends.</summary>
    public long Unequal { get; private set; }

    /// <summary>Counts an exchange that brought so many equal pairs.</summary>
    public void AddExchange(int pairs, TimeSpan latency)
    {
        Pairs += pairs;
        _latencies.Add(latency);
    }

    /// <summary>Counts an exchange after which so many keys were not the same.</summary>
    public void AddUnequal(int count) => Unequal += count;

    /// <summary>Counts an exchange that came to nothing.</summary>
    public void AddError(string what) => _errors[what] = _errors.GetValueOrDefault(what) + 1;

    /// <summary>Adds what another worker counted.</summary>
    public void Add(LoadTally other)
    {
        Pairs += other.Pairs;
        Unequal += other.Unequal;
        _latencies.AddRange(other._latencies);
        foreach (var (what, count) in other._errors)
        {
            _errors[what] = _errors.GetValueOrDefault(what) + count;
        }
    }

    /// <summary>Sorts the latencies, the shortest first.</summary>
    public void Sort() => _latencies.Sort();
}
