using System.Text;

namespace Dske.Tests.Fuzzing;

/// <summary>One round of a campaign: what is drawn in it follows from the seed, and what it made is kept for the message of a failure.</summary>
internal sealed class FuzzRound
{
    private const int MaxShown = 4096;

    private readonly List<(string What, byte[] Bytes)> _made = [];
    private readonly Mutator _mutator;

    public FuzzRound(int seed)
    {
        Seed = seed;
        Random = new Random(seed);
        _mutator = new Mutator(Random);
    }

    public int Seed { get; }

    public Random Random { get; }

    /// <summary>Whether something that happens once in so many cases happens.</summary>
    public bool OneIn(int cases) => Random.Next(cases) == 0;

    /// <summary>One of several.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Random.Next(choices.Count)];

    /// <summary>A changed copy of one of the inputs.</summary>
    /// <param name="what">What it is, for the message of a failure.</param>
    /// <param name="corpus">Good inputs; parts of others get into it, too.</param>
    public byte[] Mutate(string what, IReadOnlyList<byte[]> corpus) => Mutate(what, Pick(corpus), corpus);

    /// <summary>A changed copy of an input.</summary>
    /// <inheritdoc cref="Mutate(string, IReadOnlyList{byte[]})" />
    public byte[] Mutate(string what, byte[] input, IReadOnlyList<byte[]> corpus) => Note(what, _mutator.Mutate(input, corpus));

    /// <summary>A changed copy of a text.</summary>
    /// <inheritdoc cref="Mutate(string, IReadOnlyList{byte[]})" />
    public string MutateText(string what, string input, params IReadOnlyList<string> corpus)
        => OddText.Of(Mutate(what, Encoding.UTF8.GetBytes(input), [.. corpus.Select(Encoding.UTF8.GetBytes)]));

    /// <summary>Keeps what was made for the message of a failure.</summary>
    public byte[] Note(string what, byte[] bytes)
    {
        _made.Add((what, bytes));
        return bytes;
    }

    /// <summary>What was made in the round: as text that can be read, and as base64 that can be fed in again.</summary>
    public override string ToString() => string.Join('\n', _made.Select(made =>
        $"{made.What}, {made.Bytes.Length} bytes: {Escape(made.Bytes.AsSpan(0, Math.Min(made.Bytes.Length, MaxShown)))}\n{made.What} as base64: {Convert.ToBase64String(made.Bytes)}"));

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
        {
            text.Append(value is >= 0x20 and < 0x7F and not (byte)'\\' ? (char)value : $"\\x{value:x2}");
        }

        return text.ToString();
    }
}
