using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// The one-time authenticator of RFC 8439 section 2.5: a polynomial over the prime field of 2^130 - 5, at a secret point, plus a secret number. With a
/// key that is used once it needs no assumption: a forgery of a message of n blocks of 16 bytes succeeds with a probability of at most n / 2^103.
/// </summary>
/// <remarks>
/// No branch and no index depends on a secret. The platform has the authenticator only inside ChaCha20-Poly1305, where the cipher draws its key.
/// Arithmetic wraps around on purpose.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal ref struct Poly1305
{
    /// <summary>The size of a key in bytes.</summary>
    public const int KeySize = 32;

    /// <summary>The size of a tag in bytes.</summary>
    public const int TagSize = 16;

    private const int BlockSize = 16;
    private const ulong ClampLow = 0x0FFFFFFC0FFFFFFF;
    private const ulong ClampHigh = 0x0FFFFFFC0FFFFFFC;

    private readonly ulong _r0;
    private readonly ulong _r1;
    private readonly ulong _s0;
    private readonly ulong _s1;
    private ulong _h0;
    private ulong _h1;
    private ulong _h2;

    private Poly1305(ReadOnlySpan<byte> key)
    {
        _r0 = BinaryPrimitives.ReadUInt64LittleEndian(key) & ClampLow;
        _r1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]) & ClampHigh;
        _s0 = BinaryPrimitives.ReadUInt64LittleEndian(key[16..]);
        _s1 = BinaryPrimitives.ReadUInt64LittleEndian(key[24..]);
    }

    /// <summary>Computes the tag of a message in two parts.</summary>
    /// <param name="key">The key, 32 bytes, for this message alone.</param>
    /// <param name="prefix">The first part, a multiple of 16 bytes.</param>
    /// <param name="text">The rest.</param>
    /// <param name="tag">Where to: 16 bytes.</param>
    public static void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> text, Span<byte> tag)
    {
        if (key.Length != KeySize || prefix.Length % BlockSize != 0)
        {
            throw new ArgumentException("A key has 32 bytes; the first part is a multiple of 16.");
        }

        var state = new Poly1305(key);
        state.Add(prefix);
        var whole = text.Length - (text.Length % BlockSize);
        state.Add(text[..whole]);
        if (whole < text.Length)
        {
            Span<byte> last = stackalloc byte[BlockSize];
            last.Clear();
            text[whole..].CopyTo(last);
            last[text.Length - whole] = 1;
            state.Add(last, final: true);
        }

        state.Finish(tag);
    }

    private void Add(scoped ReadOnlySpan<byte> blocks, bool final = false)
    {
        unchecked
        {
            var s1 = _r1 + (_r1 >> 2);
            for (; blocks.Length >= BlockSize; blocks = blocks[BlockSize..])
            {
                Add(ref _h0, BinaryPrimitives.ReadUInt64LittleEndian(blocks), out var carry);
                Add(ref _h1, carry, out var more);
                Add(ref _h1, BinaryPrimitives.ReadUInt64LittleEndian(blocks[8..]), out carry);
                _h2 += more + carry + (final ? 0UL : 1UL);

                // h times r. Since the lower bits of r are clamped, what exceeds 2^130 comes back as five quarters of r1.
                var d0 = Multiply(_h0, _r0) + Multiply(_h1, s1);
                var d1 = Multiply(_h0, _r1) + Multiply(_h1, _r0) + (UInt128)(_h2 * s1) + (d0 >> 64);
                _h0 = (ulong)d0;
                _h1 = (ulong)d1;
                _h2 = (_h2 * _r0) + (ulong)(d1 >> 64);

                // What is above 2^130 counts five times.
                var excess = (_h2 >> 2) + (_h2 & ~3UL);
                _h2 &= 3;
                Add(ref _h0, excess, out carry);
                Add(ref _h1, carry, out carry);
                _h2 += carry;
            }
        }
    }

    private void Finish(Span<byte> tag)
    {
        unchecked
        {
            // h or h - p, whichever is in range, chosen without a branch.
            var g0 = _h0;
            Add(ref g0, 5, out var carry);
            var g1 = _h1;
            Add(ref g1, carry, out carry);
            var mask = 0UL - ((_h2 + carry) >> 2);
            var h0 = (_h0 & ~mask) | (g0 & mask);
            var h1 = (_h1 & ~mask) | (g1 & mask);
            Add(ref h0, _s0, out carry);
            h1 += _s1 + carry;
            BinaryPrimitives.WriteUInt64LittleEndian(tag, h0);
            BinaryPrimitives.WriteUInt64LittleEndian(tag[8..], h1);
        }
    }

    private static UInt128 Multiply(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return new UInt128(high, low);
    }

    private static void Add(ref ulong sum, ulong addend, out ulong carry)
    {
        unchecked
        {
            sum += addend;

            // Without a branch: the carry out of the topmost bit.
            carry = ((~sum & addend) | ((~sum | addend) & (sum - addend))) >> 63;
        }
    }
}
