using System.Buffers.Binary;

namespace Dske.Protocol.SecureLinks;

/// <summary>
/// The short messages of a link, accept, ready and close: which epoch of which link instance they are about, and a proof that their sender holds
/// its keys (<see cref="EpochConfirmation"/>).
/// </summary>
/// <param name="Type">Which of the three.</param>
/// <param name="Initiator">The initiator's link instance.</param>
/// <param name="Responder">The responder's link instance.</param>
/// <param name="Epoch">The epoch.</param>
public readonly record struct LinkConfirmation(LinkMessageType Type, Guid Initiator, Guid Responder, long Epoch)
{
    /// <summary>The size of such a message in bytes.</summary>
    public const int Size = UnsignedSize + EpochConfirmation.MacSize;

    /// <summary>The size of what its MAC covers, in bytes.</summary>
    public const int UnsignedSize = 48;

    /// <summary>Writes all but the MAC.</summary>
    /// <param name="destination">Where to: the first <see cref="UnsignedSize"/> bytes are written.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public void WriteUnsigned(Span<byte> destination)
    {
        LinkHello.WritePrefix(destination[..UnsignedSize], Type, 0);
        Initiator.TryWriteBytes(destination[8..], bigEndian: true, out _);
        Responder.TryWriteBytes(destination[24..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(destination[40..], Epoch);
    }

    /// <summary>Reads a message. Its MAC is the last <see cref="EpochConfirmation.MacSize"/> bytes, for the caller to check.</summary>
    /// <param name="source">The whole message.</param>
    /// <param name="message">What was read, when the result is true.</param>
    /// <returns>False when it is no such message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out LinkConfirmation message)
    {
        message = default;
        if (source.Length != Size
            || !LinkHello.TryReadPrefix(source, out var type, out var cipher)
            || type is not (LinkMessageType.Accept or LinkMessageType.Ready or LinkMessageType.Close)
            || cipher != 0)
        {
            return false;
        }

        message = new LinkConfirmation(
            type,
            new Guid(source[8..24], bigEndian: true),
            new Guid(source[24..40], bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(source[40..]));
        return message.Epoch > 0;
    }
}
