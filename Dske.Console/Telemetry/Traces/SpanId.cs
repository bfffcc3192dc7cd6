using System.Buffers.Binary;
using System.Globalization;

namespace Dske.Console.Telemetry.Traces;

/// <summary>The name of a span within its trace: 8 bytes, written as 16 hexadecimal digits. The default value names none.</summary>
/// <param name="Value">The bytes as a number, the first one highest.</param>
public readonly record struct SpanId(ulong Value)
{
    /// <summary>Whether this names a span.</summary>
    public bool IsSet => Value != 0;

    /// <inheritdoc />
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out SpanId id)
    {
        id = bytes.Length == 8 ? new SpanId(BinaryPrimitives.ReadUInt64BigEndian(bytes)) : default;
        return id.IsSet;
    }
}
