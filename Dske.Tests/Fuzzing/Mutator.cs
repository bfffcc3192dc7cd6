using System.Text;

namespace Dske.Tests.Fuzzing;

/// <summary>
/// Changes good inputs into nearly good ones: bits and bytes, ranges that go, come twice or come from elsewhere, numbers at their limits,
/// fields between separators, and in JSON whole values and members (<see cref="JsonMutator"/>).
/// </summary>
internal sealed class Mutator(Random random)
{
    private const int MaxLength = 64 * 1024;
    private const int MostSteps = 4;

    private readonly JsonMutator _json = new(random);

    /// <summary>A changed copy.</summary>
    /// <param name="input">What to change.</param>
    /// <param name="corpus">Where other parts come from.</param>
    public byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus)
    {
        var bytes = input.ToArray();
        var steps = 1 + random.Next(MostSteps);
        for (var step = 0; step < steps; step++)
        {
            bytes = random.Next(2) == 0 && _json.TryMutate(bytes, out var changed) ? changed : Step(bytes, corpus);
            if (bytes.Length > MaxLength)
            {
                bytes = bytes[..MaxLength];
            }
        }

        return bytes;
    }

    private byte[] Step(byte[] bytes, IReadOnlyList<byte[]> corpus) => random.Next(13) switch
    {
        0 => Change(bytes, static (value, random) => (byte)(value ^ (1 << random.Next(8)))),
        1 => Change(bytes, static (_, random) => (byte)random.Next(256)),
        2 => Change(bytes, static (_, random) => (byte)OddInputs.Punctuation[random.Next(OddInputs.Punctuation.Length)]),
        3 => Insert(bytes, Noise(1 + random.Next(8))),
        4 => Insert(bytes, Encoding.UTF8.GetBytes(OddInputs.Pick(random, OddInputs.Texts))),
        5 => Insert(bytes, OddInputs.Pick(random, OddInputs.BrokenUtf8)),
        6 => Insert(bytes, Range(corpus.Count > 0 ? corpus[random.Next(corpus.Count)] : bytes)),
        7 => Insert(bytes, Repeat(Range(bytes))),
        8 => Remove(bytes),
        9 => bytes[..random.Next(bytes.Length + 1)],
        10 => Number(bytes),
        11 => Fields(bytes),
        _ => corpus.Count > 0 ? Splice(bytes, corpus[random.Next(corpus.Count)]) : bytes,
    };

    private byte[] Change(byte[] bytes, Func<byte, Random, byte> change)
    {
        if (bytes.Length > 0)
        {
            var at = random.Next(bytes.Length);
            bytes[at] = change(bytes[at], random);
        }

        return bytes;
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    private byte[] Range(byte[] bytes)
    {
        var from = random.Next(bytes.Length + 1);
        return bytes[from..(from + random.Next(Math.Min(64, bytes.Length - from) + 1))];
    }

    private byte[] Repeat(byte[] bytes)
    {
        var times = random.Next(8) == 0 ? 1000 : 1 + random.Next(20);
        return [.. Enumerable.Repeat(bytes, times).SelectMany(range => range).Take(MaxLength)];
    }

    private byte[] Insert(byte[] bytes, byte[] more)
    {
        var at = random.Next(bytes.Length + 1);
        return [.. bytes.AsSpan(0, at), .. more, .. bytes.AsSpan(at)];
    }

    private byte[] Remove(byte[] bytes)
    {
        var from = random.Next(bytes.Length + 1);
        return [.. bytes.AsSpan(0, from), .. bytes.AsSpan(Math.Min(bytes.Length, from + 1 + random.Next(16)))];
    }

    private byte[] Splice(byte[] bytes, byte[] other) => [.. bytes.AsSpan(0, random.Next(bytes.Length + 1)), .. other.AsSpan(random.Next(other.Length + 1))];

    /// <summary>Puts another number in the place of one.</summary>
    private byte[] Number(byte[] bytes)
    {
        var digits = Enumerable.Range(0, bytes.Length).Where(i => char.IsAsciiDigit((char)bytes[i])).ToArray();
        if (digits.Length == 0)
        {
            return bytes;
        }

        var from = digits[random.Next(digits.Length)];
        var end = from;
        while (from > 0 && char.IsAsciiDigit((char)bytes[from - 1]))
        {
            from--;
        }

        while (end < bytes.Length && char.IsAsciiDigit((char)bytes[end]))
        {
            end++;
        }

        return [.. bytes.AsSpan(0, from), .. Encoding.ASCII.GetBytes(OddInputs.Pick(random, OddInputs.Numbers)), .. bytes.AsSpan(end)];
    }

    /// <summary>Takes the input apart at one of its separators; a part goes, comes twice, changes places or becomes empty.</summary>
    private byte[] Fields(byte[] bytes)
    {
        var separators = bytes.Where(value => "&,:;=.%\n/ "u8.Contains(value)).Distinct().ToArray();
        if (separators.Length == 0)
        {
            return bytes;
        }

        var separator = separators[random.Next(separators.Length)];
        var fields = Encoding.Latin1.GetString(bytes).Split((char)separator).ToList();
        var (one, other) = (random.Next(fields.Count), random.Next(fields.Count));
        switch (random.Next(4))
        {
            case 0:
                fields.RemoveAt(one);
                break;
            case 1:
                fields.Insert(other, fields[one]);
                break;
            case 2:
                (fields[one], fields[other]) = (fields[other], fields[one]);
                break;
            default:
                fields[one] = string.Empty;
                break;
        }

        return Encoding.Latin1.GetBytes(string.Join((char)separator, fields));
    }
}
