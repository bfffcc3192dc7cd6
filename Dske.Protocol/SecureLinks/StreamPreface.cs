using System.Buffers.Binary;

namespace Dske.Protocol.SecureLinks;

/// <summary>What each end of a stream sends in the clear before its records: the accepter its nonce, the opener the epoch, too.</summary>
public static class StreamPreface
{
    /// <summary>The size of the accepter's, in bytes.</summary>
    public const int AccepterSize = 24;

    /// <summary>The size of the opener's, in bytes.</summary>
    public const int OpenerSize = 48;

    private const byte Version = 1;

    /// <summary>Writes the accepter's.</summary>
    /// <param name="destination">Where to: the first <see cref="AccepterSize"/> bytes are written.</param>
    /// <param name="nonce">Its nonce.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public static void WriteAccepter(Span<byte> destination, Guid nonce)
    {
        WritePrefix(destination[..AccepterSize]);
        nonce.TryWriteBytes(destination[8..], bigEndian: true, out _);
    }

    /// <summary>Reads the accepter's.</summary>
    /// <param name="source">Exactly <see cref="AccepterSize"/> bytes.</param>
    /// <param name="nonce">Its nonce, when the result is true.</param>
    public static bool TryReadAccepter(ReadOnlySpan<byte> source, out Guid nonce)
    {
        nonce = default;
        if (source.Length != AccepterSize || !HasPrefix(source))
        {
            return false;
        }

        nonce = new Guid(source[8..], bigEndian: true);
        return true;
    }

    /// <summary>Writes the opener's.</summary>
    /// <param name="destination">Where to: the first <see cref="OpenerSize"/> bytes are written.</param>
    /// <param name="nonce">Its nonce.</param>
    /// <param name="instance">The link instance of the link's initiator.</param>
    /// <param name="epoch">The epoch in which it begins to send; of a one-time pad the latest one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public static void WriteOpener(Span<byte> destination, Guid nonce, Guid instance, long epoch)
    {
        WritePrefix(destination[..OpenerSize]);
        nonce.TryWriteBytes(destination[8..], bigEndian: true, out _);
        instance.TryWriteBytes(destination[24..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(destination[40..], epoch);
    }

    /// <summary>Reads the opener's.</summary>
    /// <param name="source">Exactly <see cref="OpenerSize"/> bytes.</param>
    /// <param name="nonce">Its nonce, when the result is true.</param>
    /// <param name="instance">The link instance of the link's initiator.</param>
    /// <param name="epoch">The epoch in which it begins to send.</param>
    public static bool TryReadOpener(ReadOnlySpan<byte> source, out Guid nonce, out Guid instance, out long epoch)
    {
        (nonce, instance, epoch) = (default, default, 0);
        if (source.Length != OpenerSize || !HasPrefix(source))
        {
            return false;
        }

        nonce = new Guid(source[8..24], bigEndian: true);
        instance = new Guid(source[24..40], bigEndian: true);
        epoch = BinaryPrimitives.ReadInt64BigEndian(source[40..]);
        return epoch > 0;
    }

    private static void WritePrefix(Span<byte> destination)
    {
        destination[..8].Clear();
        "DSKS"u8.CopyTo(destination);
        destination[4] = Version;
    }

    private static bool HasPrefix(ReadOnlySpan<byte> source) =>
        source.StartsWith("DSKS"u8) && source[4] == Version && !source[5..8].ContainsAnyExcept((byte)0);
}
