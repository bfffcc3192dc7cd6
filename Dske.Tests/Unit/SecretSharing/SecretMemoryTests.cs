using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Tests.Unit.SecretSharing;

/// <summary>
/// Looks at memory that a split has given back. Runs alone: recycled memory may go to whoever asks next, and so may the
/// allocations that are counted.
/// </summary>
[Trait("Tier", "Unit")]
[Collection(nameof(SecretMemoryTests))]
[CollectionDefinition(nameof(SecretMemoryTests), DisableParallelization = true)]
public sealed class SecretMemoryTests
{
    private const int Length = 20_000;

    [Fact]
    public void A_split_leaves_nothing_but_the_shares()
    {
        var entropy = new WatchingEntropySource(failAtDraw: int.MaxValue);
        using var secret = SystemEntropySource.Instance.NextSecret(Length);

        var shares = new ShamirScheme(5, 3).Split(secret.Span, entropy);

        // The first draw is share 0 as it stands; the second is the random part of the digest share, which nobody may keep.
        Assert.Equal([Length, Length - 4], entropy.Draws.Select(draw => draw.Length));
        Assert.Equal(shares[0].Value.Span.ToArray(), entropy.ReadMemory(0));
        Assert.Equal(new byte[Length - 4], entropy.ReadMemory(1));

        Array.ForEach(shares, share => share.Dispose());
        Assert.Equal(new byte[Length], entropy.ReadMemory(0));
    }

    [Fact]
    public void A_split_that_fails_leaves_nothing()
    {
        var entropy = new WatchingEntropySource(failAtDraw: 2);

        Assert.Throws<InvalidOperationException>(() => new ShamirScheme(5, 4).Split(new byte[Length], entropy));

        Assert.Equal(2, entropy.Draws.Count);
        Assert.Equal(new byte[Length], entropy.ReadMemory(0));
        Assert.Equal(new byte[Length], entropy.ReadMemory(1));
    }

    [Fact]
    public void A_collector_gives_its_shares_back_zeroed()
    {
        var collector = new ShareCollector(new ShamirScheme(5, 3));
        var shares = new ShamirScheme(5, 3).Split(new byte[Length], SystemEntropySource.Instance);
        shares[4].Value.Span[0] ^= 1;
        var addresses = shares.Select(share => WatchingEntropySource.AddressOf(share.Value.Span)).ToArray();

        foreach (var share in shares.Reverse())
        {
            collector.Add(share);
        }

        Assert.True(collector.IsRecovered);
        collector.Dispose();

        Assert.All(addresses, address => Assert.Equal(new byte[Length], WatchingEntropySource.ReadMemory(address, Length)));
    }

    [Fact]
    public void Combining_allocates_no_more_than_the_objects_for_the_result()
    {
        var scheme = new ShamirScheme(5, 3);
        var shares = scheme.Split(new byte[32], SystemEntropySource.Instance);
        var combined = CombineMany(1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        combined += CombineMany(100);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Two objects of 32 bytes at a time, the result and a passing one; the bytes that they hold are in recycled memory.
        Assert.Equal(101, combined);
        Assert.InRange(allocated, 0, 100 * 100);

        int CombineMany(int times)
        {
            var combined = 0;
            for (var i = 0; i < times; i++)
            {
                combined += scheme.Combine(shares.AsSpan(1, 3), out var secret) == CombineOutcome.Combined ? 1 : 0;
                secret?.Dispose();
            }

            return combined;
        }
    }

    /// <summary>Remembers where its bytes went. The memory is pinned and recycled, hence stays readable.</summary>
    private sealed class WatchingEntropySource(int failAtDraw) : IEntropySource
    {
        public List<(nint Address, int Length)> Draws { get; } = [];

        public void Fill(Span<byte> destination)
        {
            if (Draws.Count == failAtDraw)
            {
                throw new InvalidOperationException("The source ran dry.");
            }

            destination.Fill(0xA5);
            Draws.Add((AddressOf(destination), destination.Length));
        }

        public byte[] ReadMemory(int draw) => ReadMemory(Draws[draw].Address, Draws[draw].Length);

        public static nint AddressOf(Span<byte> memory) => Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref memory[0]);

        public static byte[] ReadMemory(nint address, int length)
        {
            var copy = new byte[length];
            Marshal.Copy(address, copy, 0, length);
            return copy;
        }
    }
}
