using System.Text;

namespace Dske.Tests.Fuzzing;

/// <summary>
/// A reader of what peers send, and its contract: nothing that it is given makes it throw; what it accepts, written and read again, is the
/// same; and it allocates no more than goes with the length of the input.
/// </summary>
/// <param name="Name">What is read.</param>
/// <param name="Corpus">Good inputs.</param>
/// <param name="Rewrite">Reads an input and writes what was read; null when it is refused.</param>
internal sealed record DecoderTarget(string Name, IReadOnlyList<byte[]> Corpus, Func<byte[], byte[]?> Rewrite)
{
    // What an exception costs that a parser throws and its caller catches, and what a parser holds for any input.
    private const long MaxAllocation = 512 * 1024;
    private const long MaxAllocationForEachByte = 256;

    /// <summary>Whether what is accepted has one spelling: then it is written as it was read.</summary>
    public bool HasOneSpelling { get; init; }

    /// <summary>How many rounds it gets in every run of the tests.</summary>
    public int Rounds { get; init; } = 600;

    /// <summary>A reader of text.</summary>
    public static DecoderTarget OfText(string name, Func<string, string?> rewrite, params IReadOnlyList<string> corpus) => new(
        name,
        [.. corpus.Select(Encoding.UTF8.GetBytes)],
        bytes => rewrite(OddText.Of(bytes)) is { } text ? Encoding.UTF8.GetBytes(text) : null);

    /// <summary>Checks that every good input is taken, lest the campaign tests nothing, and readies everything that is made once.</summary>
    public void AssertTakesItsCorpus()
    {
        foreach (var input in Corpus)
        {
            AssertStable(input, Assert.IsType<byte[]>(Rewrite(input)));
        }

        foreach (var odd in new[] { [], "{"u8.ToArray(), "[\"\\ud800\"]"u8.ToArray(), "{\"\\ud800\":1}"u8.ToArray(), [0xFF] })
        {
            Rewrite(odd);
        }
    }

    /// <summary>Runs one input.</summary>
    public void Check(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var written = Rewrite(input);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= MaxAllocation + (MaxAllocationForEachByte * input.Length), $"{allocated} bytes were allocated for {input.Length} bytes.");
        if (written is not null)
        {
            AssertStable(input, written);
        }
    }

    public override string ToString() => Name;

    private void AssertStable(byte[] input, byte[] written)
    {
        Assert.Equal(written, Rewrite(written));
        if (HasOneSpelling)
        {
            Assert.Equal(input, written);
        }
    }
}
