using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;

namespace Dske.Benchmarks.Load;

/// <summary>Reads what KMEs answer, those included whose <c>keys</c> is one key rather than an array: the reference implementation's.</summary>
internal static class KeyAnswer
{
    /// <summary>Reads an answer.</summary>
    /// <param name="utf8">The whole text; zeroing it stays the caller's duty.</param>
    /// <param name="maxKeys">The most keys to accept.</param>
    /// <param name="keys">The keys, when the result is true; the caller disposes them.</param>
    /// <returns>False when the text is no container of keys.</returns>
    public static bool TryRead(ReadOnlySpan<byte> utf8, int maxKeys, [NotNullWhen(true)] out KeyContainer? keys) =>
        KeyContainerCodec.TryRead(utf8, out keys, maxKeys) || TryReadSingle(utf8, out keys);

    /// <summary>Compares what both ends got.</summary>
    /// <param name="made">What the master got.</param>
    /// <param name="fetched">What the slave got, in any order.</param>
    /// <returns>How many keys of the master the slave did not get, or got with other bytes.</returns>
    public static int CountUnequal(KeyContainer made, KeyContainer fetched)
    {
        var unequal = 0;
        for (var i = 0; i < made.Keys.Count; i++)
        {
            var key = made.Keys[i];

            // In the order of the request nearly always.
            var other = i < fetched.Keys.Count && fetched.Keys[i].KeyId == key.KeyId
                ? fetched.Keys[i]
                : fetched.Keys.FirstOrDefault(candidate => candidate.KeyId == key.KeyId);
            if (other is null || !other.Key.FixedTimeEquals(key.Key))
            {
                unequal++;
            }
        }

        return unequal;
    }

    private static bool TryReadSingle(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out KeyContainer? keys)
    {
        keys = null;
        if (!TryFindSingle(utf8, out var start, out var end))
        {
            return false;
        }

        using var array = new SecretBufferWriter(utf8.Length + 2);
        Append(array, utf8[..start]);
        Append(array, "["u8);
        Append(array, utf8[start..end]);
        Append(array, "]"u8);
        Append(array, utf8[end..]);
        return KeyContainerCodec.TryRead(array.WrittenSpan, out keys, maxKeys: 1);
    }

    private static bool TryFindSingle(ReadOnlySpan<byte> utf8, out int start, out int end)
    {
        (start, end) = (0, 0);
        try
        {
            var reader = new Utf8JsonReader(utf8);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKeys = reader.ValueTextEquals("keys"u8);
                reader.Read();
                start = (int)reader.TokenStartIndex;
                var isObject = reader.TokenType == JsonTokenType.StartObject;
                reader.Skip();
                if (isKeys)
                {
                    end = (int)reader.BytesConsumed;
                    return isObject;
                }
            }
        }
        catch (JsonException)
        {
            // No JSON is no answer.
        }

        return false;
    }

    private static void Append(SecretBufferWriter destination, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(destination.GetSpan(bytes.Length));
        destination.Advance(bytes.Length);
    }
}
