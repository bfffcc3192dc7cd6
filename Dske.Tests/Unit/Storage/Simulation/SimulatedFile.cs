namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>A file's content, as programs see it and as it is on the disk.</summary>
internal sealed class SimulatedFile
{
    private const int Sector = 512;

    private readonly List<(long Offset, byte[] Data)> _pending = [];

    /// <summary>What programs read.</summary>
    public byte[] Current { get; private set; } = [];

    /// <summary>What is surely on the disk.</summary>
    public byte[] Durable { get; private set; } = [];

    /// <summary>Whether its name was ever flushed.</summary>
    public bool WasDurable { get; set; }

    /// <summary>Whether it vanished in a loss of power.</summary>
    public bool IsLost { get; set; }

    public void Write(long offset, byte[] data)
    {
        Current = Put(Current, offset, data);
        _pending.Add((offset, data));
    }

    public void Flush()
    {
        Durable = [.. Current];
        _pending.Clear();
    }

    public void LosePower(Random random)
    {
        // From "nothing was written yet" to "all of it was", and everything in between.
        var chance = random.Next(5) / 4.0;
        foreach (var (offset, data) in _pending)
        {
            for (var at = 0; at < data.Length;)
            {
                var count = (int)Math.Min(Sector - ((offset + at) % Sector), data.Length - at);
                if (random.NextDouble() < chance)
                {
                    Durable = Put(Durable, offset + at, data[at..(at + count)]);
                }

                at += count;
            }
        }

        _pending.Clear();
        Current = [.. Durable];
    }

    private static byte[] Put(byte[] content, long offset, byte[] data)
    {
        var end = (int)offset + data.Length;
        if (content.Length < end)
        {
            Array.Resize(ref content, end);
        }

        data.CopyTo(content, offset);
        return content;
    }
}
