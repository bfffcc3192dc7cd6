using Dske.Protocol.Courier;
using Dske.Protocol.Psrd;
using Dske.Tests.Unit.Courier;

namespace Dske.Tests.Fuzzing;

/// <summary>Readers of couriered files.</summary>
internal static class CourierTargets
{
    // One for all rounds, and never disposed.
    private static readonly CourierSecret Secret = CourierFiles.Key();

    private static readonly byte[] Short = Make((PoolOwner.Client, 40), (PoolOwner.Hub, 30));

    private static readonly byte[] Long = Make((PoolOwner.Client, 70_000));

    private static readonly byte[] Bundle = [.. CourierBundle.FormatHead(2), .. CourierBundle.FormatLength(Short.Length), .. Short, .. CourierBundle.FormatLength(Long.Length), .. Long];

    public static IEnumerable<DecoderTarget> All =>
    [
        new DecoderTarget("Header of a couriered file", [Short[..CourierHeader.Size]], bytes => CourierHeader.TryRead(bytes, out var header) is null
            ? [.. header!.ToBytes(), .. bytes[CourierHeader.Size..]]
            : null) { HasOneSpelling = true },
        new DecoderTarget("Couriered file", [Short, Long], ReadFile) { HasOneSpelling = true, Rounds = 300 },
        new DecoderTarget("Bundle of couriered files", [Bundle, Short], ReadBundle) { HasOneSpelling = true, Rounds = 300 },
        new DecoderTarget("Manifest of a couriered file", [CourierFiles.Manifest((PoolOwner.Client, 1)).ToBytes()], bytes => CourierManifest.TryRead(bytes)?.ToBytes()),
    ];

    /// <summary>Nothing but what was sealed is taken.</summary>
    private static byte[]? ReadFile(byte[] bytes)
    {
        var fault = CourierFiles.Read(bytes, Secret, out _);
        Assert.Equal(fault is null, bytes.AsSpan().SequenceEqual(Short) || bytes.AsSpan().SequenceEqual(Long));
        return fault is null ? bytes : null;
    }

    private static byte[]? ReadBundle(byte[] bytes)
    {
        if (CourierBundle.TryList(new MemoryStream(bytes), out var entries) is not null)
        {
            return null;
        }

        byte[] File(CourierEntry entry) => bytes[(int)entry.Position..(int)(entry.Position + entry.Length)];
        return CourierBundle.HasMagic(bytes)
            ? [.. CourierBundle.FormatHead(entries.Count), .. entries.SelectMany(entry => (byte[])[.. CourierBundle.FormatLength(entry.Length), .. File(entry)])]
            : File(Assert.Single(entries));
    }

    private static byte[] Make(params (PoolOwner Owner, long Size)[] blocks)
        => CourierFiles.WriteAsync(CourierFiles.Manifest(blocks), Secret).GetAwaiter().GetResult();
}
