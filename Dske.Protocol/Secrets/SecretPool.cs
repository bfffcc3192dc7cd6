using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;

namespace Dske.Protocol.Secrets;

/// <summary>
/// Recycles pinned buffers for secrets. Every buffer is zeroed when it comes back, so that whatever is in the pool, and whatever
/// leaves it, is zero.
/// </summary>
/// <remarks>Safe for concurrent use. Buffers above <see cref="LargestPooled"/> bytes are zeroed and left to the collector.</remarks>
internal static class SecretPool
{
    /// <summary>The largest buffer that is kept, in bytes.</summary>
    public const int LargestPooled = 64 * 1024;

    private const int SmallestLog2 = 5;
    private const int LargestLog2 = 16;

    // Small buffers are the many ones (signing keys, pads of 256-bit keys): keep more of them. At most about 5 MiB in all.
    private const int KeptBytesPerClass = 512 * 1024;

    private static readonly Bucket[] Buckets = [.. Enumerable.Range(SmallestLog2, LargestLog2 - SmallestLog2 + 1).Select(log2 => new Bucket(1 << log2))];

    /// <summary>Hands out a zeroed, pinned buffer of at least <paramref name="length"/> bytes.</summary>
    public static byte[] Rent(int length)
    {
        if (length == 0)
        {
            return [];
        }

        return length > LargestPooled ? GC.AllocateArray<byte>(length, pinned: true) : BucketFor(length).Rent();
    }

    /// <summary>Zeroes a buffer that came from <see cref="Rent"/> and keeps it for later.</summary>
    public static void Return(byte[] buffer)
    {
        CryptographicOperations.ZeroMemory(buffer);
        if (buffer.Length is > 0 and <= LargestPooled)
        {
            BucketFor(buffer.Length).Return(buffer);
        }
    }

    private static Bucket BucketFor(int length)
    {
        var log2 = BitOperations.Log2((uint)length - 1) + 1;
        return Buckets[Math.Max(length == 1 ? 0 : log2, SmallestLog2) - SmallestLog2];
    }

    private sealed class Bucket(int size)
    {
        private readonly ConcurrentQueue<byte[]> _free = new();
        private readonly int _limit = Math.Max(KeptBytesPerClass / size, 8);
        private int _count;

        public byte[] Rent()
        {
            if (_free.TryDequeue(out var buffer))
            {
                Interlocked.Decrement(ref _count);
                return buffer;
            }

            return GC.AllocateArray<byte>(size, pinned: true);
        }

        public void Return(byte[] buffer)
        {
            if (Interlocked.Increment(ref _count) <= _limit)
            {
                _free.Enqueue(buffer);
            }
            else
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }
}
