using System.Buffers;
using Google.Protobuf;

namespace Dske.Console.Otlp;

/// <summary>Reads messages of protocol buffers that anybody may have sent.</summary>
internal static class WireReader
{
    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="parser">The parser of the type.</param>
    /// <param name="shape">The parts of the type.</param>
    /// <param name="message">The bytes.</param>
    /// <param name="read">The message, when the result is true.</param>
    /// <returns>False when it is none, or has more parts or deeper ones than we read.</returns>
    public static bool TryRead<T>(MessageParser<T> parser, WireShape shape, ReadOnlySpan<byte> message, out T read)
        where T : IMessage<T>
    {
        read = default!;
        var parts = OtlpLimits.MaxParts;
        if (!IsBounded(message, shape, 0, ref parts))
        {
            return false;
        }

        try
        {
            read = parser.WithDiscardUnknownFields(true).ParseFrom(message);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <inheritdoc cref="TryRead{T}(MessageParser{T}, WireShape, ReadOnlySpan{byte}, out T)"/>
    public static bool TryRead<T>(MessageParser<T> parser, WireShape shape, ReadOnlySequence<byte> message, out T read)
        where T : IMessage<T>
    {
        if (message.IsSingleSegment)
        {
            return TryRead(parser, shape, message.FirstSpan, out read);
        }

        var length = (int)message.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            message.CopyTo(rented);
            return TryRead(parser, shape, rented.AsSpan(0, length), out read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool IsBounded(ReadOnlySpan<byte> message, WireShape shape, int depth, ref int parts)
    {
        if (--parts < 0 || depth > OtlpLimits.MaxDepth)
        {
            return false;
        }

        while (!message.IsEmpty)
        {
            if (!TryReadNumber(ref message, out var tag) || !TrySkip(ref message, (uint)tag & 7, out var content))
            {
                return false;
            }

            if (((uint)tag & 7) == 2 && shape[(uint)(tag >> 3)] is { } part && !IsBounded(content, part, depth + 1, ref parts))
            {
                return false;
            }
        }

        return true;
    }

    // Groups are no part of OTLP.
    private static bool TrySkip(ref ReadOnlySpan<byte> message, uint type, out ReadOnlySpan<byte> content)
    {
        content = default;
        ulong length;
        switch (type)
        {
            case 0:
                return TryReadNumber(ref message, out _);
            case 1:
                length = sizeof(ulong);
                break;
            case 2:
                if (!TryReadNumber(ref message, out length))
                {
                    return false;
                }

                break;
            case 5:
                length = sizeof(uint);
                break;
            default:
                return false;
        }

        if (length > (ulong)message.Length)
        {
            return false;
        }

        content = message[..(int)length];
        message = message[(int)length..];
        return true;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        for (var i = 0; i < message.Length && i < 10; i++)
        {
            number |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
