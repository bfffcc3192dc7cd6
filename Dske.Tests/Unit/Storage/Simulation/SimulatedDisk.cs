using Dske.Storage.Files;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>
/// A directory on a disk with a cache that does not survive a loss of power: of what was not flushed any part may be on the disk, sector by
/// sector; names that were not flushed are there up to any point in their history.
/// </summary>
internal sealed class SimulatedDisk(Power power, Random random) : IStorageFiles
{
    private readonly List<SimulatedFile> _all = [];
    private readonly List<Action<Dictionary<string, SimulatedFile>>> _pendingNames = [];
    private Dictionary<string, SimulatedFile> _names = [];
    private readonly Dictionary<string, SimulatedFile> _durableNames = [];

    /// <summary>A copy of another disk, everything in its cache included.</summary>
    public SimulatedDisk(Power power, Random random, SimulatedDisk original)
        : this(power, random)
    {
        foreach (var (name, file) in original._names)
        {
            var copy = new SimulatedFile { WasDurable = true };
            copy.Write(0, file.Current);
            copy.Flush();
            _names.Add(name, copy);
            _durableNames.Add(name, copy);
            _all.Add(copy);
        }
    }

    /// <summary>A disk that lies: flushing files does nothing. Only to show that the audit notices.</summary>
    public bool IgnoresFlushes { get; set; }

    /// <summary>A disk that lies: flushing names does nothing. Only to show that the audit notices.</summary>
    public bool IgnoresNameFlushes { get; set; }

    /// <summary>How many bytes were written and read, and how often files were flushed.</summary>
    public (long Written, long Read, int Flushes) Traffic { get; set; }

    /// <summary>What is surely on the disk under a name; null when there is no such file.</summary>
    public byte[]? Durable(string name) => _names.TryGetValue(name, out var file) ? file.Durable : null;

    /// <summary>What is on the disk in files that were deleted: it must have been overwritten before.</summary>
    public IEnumerable<byte[]> DurableRemains => _all.Where(file => !file.IsLost && !_names.ContainsValue(file)).Select(file => file.Durable);

    /// <summary>What is on the disk in any file.</summary>
    public IEnumerable<byte[]> AllDurable => _all.Where(file => !file.IsLost).Select(file => file.Durable);

    /// <summary>Overwrites a byte behind everybody's back.</summary>
    public void Corrupt(string name, int offset, byte value) => _names[name].Durable[offset] = _names[name].Current[offset] = value;

    /// <summary>Forgets what the cache held, but for what happened to be written already.</summary>
    public void LosePower()
    {
        var survivors = random.Next(_pendingNames.Count + 1);
        _pendingNames.Take(survivors).ToList().ForEach(change => change(_durableNames));
        _pendingNames.Clear();
        _names = new(_durableNames);
        foreach (var file in _all)
        {
            file.LosePower(random);

            // A file whose name was never durable is gone with its blocks; no program of ours can reach them any more.
            file.IsLost |= !_names.ContainsValue(file) && !file.WasDurable;
        }
    }

    public string PathOf(string name) => "/simulated/" + name;

    public IReadOnlyList<string> List()
    {
        power.EnsureOn();
        return [.. _names.Keys];
    }

    public long? LengthOf(string name)
    {
        power.EnsureOn();
        return _names.TryGetValue(name, out var file) ? file.Current.Length : null;
    }

    public IStorageFile Create(string name)
    {
        Assert.False(_names.ContainsKey(name));
        var file = new SimulatedFile();
        Change(name, names => names.Add(name, file));
        _all.Add(file);
        return new OpenFile(this, name, file);
    }

    public IStorageFile Open(string name)
    {
        power.EnsureOn();
        return new OpenFile(this, name, _names[name]);
    }

    public void Rename(string name, string newName)
    {
        Assert.False(_names.ContainsKey(newName));
        Change(name, names =>
        {
            names.Remove(name, out var file);
            names.Add(newName, file!);
        });
    }

    public void Delete(string name) => Change(name, names => names.Remove(name));

    public void FlushNames() => power.Step(PathOf(string.Empty), () =>
    {
        if (!IgnoresNameFlushes)
        {
            _pendingNames.ForEach(change => change(_durableNames));
            _pendingNames.Clear();
            _durableNames.Values.ToList().ForEach(file => file.WasDurable = true);
        }
    });

    private void Change(string name, Action<Dictionary<string, SimulatedFile>> change) => power.Step(PathOf(name), () =>
    {
        change(_names);
        _pendingNames.Add(change);
    });

    private sealed class OpenFile(SimulatedDisk disk, string name, SimulatedFile file) : IStorageFile
    {
        private readonly Power _power = disk.Power;

        public long Length => file.Current.Length;

        public void Read(long offset, Span<byte> destination)
        {
            _power.EnsureOn();
            disk.Traffic = disk.Traffic with { Read = disk.Traffic.Read + destination.Length };
            file.Current.AsSpan((int)offset, destination.Length).CopyTo(destination);
        }

        public void Write(long offset, ReadOnlySpan<byte> source)
        {
            var data = source.ToArray();
            disk.Traffic = disk.Traffic with { Written = disk.Traffic.Written + data.Length };
            _power.Step(disk.PathOf(name), () => file.Write(offset, data));
        }

        public void Flush()
        {
            disk.Traffic = disk.Traffic with { Flushes = disk.Traffic.Flushes + 1 };
            _power.Step(disk.PathOf(name), () =>
            {
                if (!disk.IgnoresFlushes)
                {
                    file.Flush();
                }
            });
        }

        public void Dispose()
        {
            // What was written stays in the cache.
        }
    }

    private Power Power => power;
}
