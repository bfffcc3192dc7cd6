using System.Buffers.Binary;
using System.Globalization;

namespace Dske.Console.Telemetry.Traces;

/// <summary>The name of a trace: 16 bytes, written as 32 hexadecimal digits. The default value names none.</summary>
/// <param name="Value">The bytes as a number, the first one highest.</param>
public readonly record struct TraceId(UInt128 Value)
{
    /// <summary>Whether this names a trace.</summary>
    public bool IsSet => Value != UInt128.Zero;

    /// <summary>Reads 32 hexadecimal digits.</summary>
    /// <param name="text">The digits, of either case; may be null.</param>
    /// <param name="id">The name when the result is true.</param>
    /// <returns>False when it is anything else, or all zeros.</returns>
    public static bool TryParse(string? text, out TraceId id)
    {
        id = default;
        if (text is { Length: 32 } && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            id = new TraceId(value);
        }

        return id.IsSet;
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out TraceId id)
    {
        id = bytes.Length == 16 ? new TraceId(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;
        return id.IsSet;
    }
}
