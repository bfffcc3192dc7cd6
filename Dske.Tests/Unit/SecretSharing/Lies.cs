using Dske.Protocol.Fields;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Unit.SecretSharing;

/// <summary>What a liar may hand out in place of its share. Never the honest share.</summary>
internal static class Lies
{
    /// <summary>The kinds of lies.</summary>
    public static readonly string[] Kinds =
        ["one bit", "random", "zero", "of another key", "of one other key", "of another index", "equal offset", "other polynomial", "truncated", "longer", "enormous", "empty"];

    /// <summary>Makes a wrong share.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="honest">All honest shares; they stay as they are.</param>
    /// <param name="index">Whose share to make.</param>
    /// <param name="liars">All who lie, who may have an understanding.</param>
    /// <param name="threshold">The threshold, k.</param>
    /// <param name="random">Where random lies come from.</param>
    public static Share Make(string kind, IReadOnlyList<byte[]> honest, int index, IReadOnlyCollection<int> liars, int threshold, Random random)
    {
        var lie = (byte[])honest[index].Clone();
        switch (kind)
        {
            case "one bit":
                lie[random.Next(lie.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case "random":
                random.NextBytes(lie);
                break;
            case "of another key":
                lie = ShareOfAnother(random.Next(), honest, index, threshold);
                break;
            case "of one other key":
                // Whoever tells it means the same key: the lies fit together, and their digest is right.
                lie = ShareOfAnother(honest[0][0], honest, index, threshold);
                break;
            case "zero":
                Array.Clear(lie);
                break;
            case "of another index":
                lie = (byte[])honest[(index + 1) % honest.Count].Clone();
                break;
            case "equal offset":
                lie = [.. lie.Select((value, i) => (byte)(value ^ (i + 1)))];
                break;
            case "other polynomial":
                // Off by a polynomial of degree below k that is zero at up to k-1 honest shares: with these, the lies fit together.
                byte offset = 0x53;
                foreach (var root in Enumerable.Range(0, honest.Count).Where(i => !liars.Contains(i)).Take(threshold - 1))
                {
                    offset = Gf256.Multiply(offset, Gf256.Add((byte)index, (byte)root));
                }

                lie = [.. lie.Select(value => (byte)(value ^ offset))];
                break;
            case "truncated":
                lie = lie[..^1];
                break;
            case "longer":
                lie = [.. lie, 0];
                break;
            case "enormous":
                lie = new byte[4096];
                break;
            case "empty":
                lie = [];
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such lie.");
        }

        if (lie.AsSpan().SequenceEqual(honest[index]))
        {
            lie[0] ^= 1;
        }

        return new Share(index, SecretBytes.CopyOf(lie));
    }

    /// <summary>A proper share of a key that is as long.</summary>
    private static byte[] ShareOfAnother(int seed, IReadOnlyList<byte[]> honest, int index, int threshold)
    {
        var entropy = new SeededEntropySource(seed);
        var key = new byte[honest[index].Length];
        entropy.Fill(key);
        var shares = new ShamirScheme(honest.Count, threshold).Split(key, entropy);
        var value = shares[index].Value.Span.ToArray();
        Array.ForEach(shares, share => share.Dispose());
        return value;
    }
}
