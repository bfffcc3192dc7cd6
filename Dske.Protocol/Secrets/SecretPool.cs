using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;

namespace Dske.Protocol.Secrets;

/// <summary>
/// Recycles pinned buffers for secrets. Every buffer is zeroed when it comes back, so that whatever is in the pool, and whatever
/// leaves it, is zero.
/// </summary>
/// <remarks>Safe for concurrent use. Buffers above <see cref="LargestPooled"/> bytes are zeroed and left to the collector.</remarks>
internal sealed class SecretPool
{
    /// <summary>The largest buffer that is kept, in bytes: one for the longest key.</summary>
    public const int LargestPooled = 2 * 1024 * 1024;

    private const int SmallestLog2 = 5;
    private const int LargestLog2 = 21;

    // Small buffers are the many ones (signing keys, pads of 256-bit keys): keep more of them. At most about 5 MiB in all.
    private const int KeptBytesPerClass = 512 * 1024;

    // Those of long keys are worth keeping since a new one costs more than to hash what is in it: a collection of everything,
    // and pages that the system has to clear. As much as one split of 1 MiB and its messages take; a node without long keys keeps none.
    private const int LargestSmall = 64 * 1024;
    private const int KeptLargeBytes = 16 * 1024 * 1024;

    private readonly Bucket[] _buckets;

    /// <summary>Makes an empty pool.</summary>
    public SecretPool()
    {
        var forLarge = new Budget(KeptLargeBytes);
        _buckets = [.. Enumerable.Range(SmallestLog2, LargestLog2 - SmallestLog2 + 1).Select(log2 => new Bucket(1 << log2, forLarge))];
    }

    /// <summary>The pool of this process.</summary>
    public static SecretPool Shared { get; } = new();

    /// <summary>Hands out a zeroed, pinned buffer of at least <paramref name="length"/> bytes.</summary>
    public byte[] Rent(int length)
    {
        if (length == 0)
        {
            return [];
        }

        return length > LargestPooled ? GC.AllocateArray<byte>(length, pinned: true) : BucketFor(length).Rent();
    }

    /// <summary>Zeroes a buffer that came from <see cref="Rent"/> and keeps it for later.</summary>
    public void Return(byte[] buffer)
    {
        CryptographicOperations.ZeroMemory(buffer);
        if (buffer.Length is > 0 and <= LargestPooled)
        {
            BucketFor(buffer.Length).Return(buffer);
        }
    }

    private Bucket BucketFor(int length)
    {
        var log2 = BitOperations.Log2((uint)length - 1) + 1;
        return _buckets[Math.Max(length == 1 ? 0 : log2, SmallestLog2) - SmallestLog2];
    }

    private sealed class Bucket(int size, Budget forLarge)
    {
        private readonly ConcurrentQueue<byte[]> _free = new();
        private readonly Budget _budget = size > LargestSmall ? forLarge : new Budget(Math.Max(KeptBytesPerClass, 8 * size));

        public byte[] Rent()
        {
            if (_free.TryDequeue(out var buffer))
            {
                _budget.Release(size);
                return buffer;
            }

            return GC.AllocateArray<byte>(size, pinned: true);
        }

        public void Return(byte[] buffer)
        {
            if (_budget.TryTake(size))
            {
                _free.Enqueue(buffer);
            }
        }
    }

    // How many bytes may lie in the pool.
    private sealed class Budget(int bytes)
    {
        private int _taken;

        public bool TryTake(int size)
        {
            if (Interlocked.Add(ref _taken, size) <= bytes)
            {
                return true;
            }

            Release(size);
            return false;
        }

        public void Release(int size) => Interlocked.Add(ref _taken, -size);
    }
}
