using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.KeyDelivery;

/// <summary>
/// The JSON of a key container (ETSI GS QKD 014 clause 6.3), <c>{"keys":[{"key_ID":"…","key":"…"}]}</c>, written and read by hand so
/// that a key is never anything but UTF-8 text in a <see cref="SecretBufferWriter"/> and bytes in a <see cref="SecretBytes"/>.
/// </summary>
public static class KeyContainerCodec
{
    /// <summary>The most keys that a container may hold unless told otherwise.</summary>
    public const int DefaultMaxKeys = 1024;

    private const int MaxDepth = 16;

    /// <summary>Writes a container: compact, key IDs in lower case, no extensions.</summary>
    /// <param name="container">The container; it stays the caller's.</param>
    /// <param name="destination">Where the text goes; zeroing it stays the caller's duty.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">A key was disposed.</exception>
    public static void Write(KeyContainer container, SecretBufferWriter destination)
    {
        ArgumentNullException.ThrowIfNull(container);
        ArgumentNullException.ThrowIfNull(destination);
        using var json = new Utf8JsonWriter(destination, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteStartArray("keys"u8);
        foreach (var key in container.Keys)
        {
            json.WriteStartObject();
            json.WriteString("key_ID"u8, key.KeyId);
            json.WriteBase64String("key"u8, key.Key.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>
    /// Reads a container. The members <c>keys</c>, <c>key_ID</c> and <c>key</c> must be there once each; others (the standard's
    /// extensions, a vendor's own) are skipped.
    /// </summary>
    /// <param name="utf8">The whole text; zeroing it stays the caller's duty.</param>
    /// <param name="container">The container, when the result is true; the caller owns and disposes it.</param>
    /// <param name="maxKeys">The most keys to accept, at least 0.</param>
    /// <returns>False when the text is no such JSON, or holds more keys.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxKeys"/> is negative.</exception>
    public static bool TryRead(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out KeyContainer? container, int maxKeys = DefaultMaxKeys)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxKeys);
        container = null;
        List<DeliveredKey>? keys = null;
        var complete = false;
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
            complete = TryReadContainer(ref reader, maxKeys, ref keys) && !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or an escape that is half a surrogate pair: the reader says so by throwing.
        }
        finally
        {
            if (!complete)
            {
                keys?.ForEach(static key => key.Dispose());
            }
        }

        if (!complete || keys is null)
        {
            return false;
        }

        container = new KeyContainer(keys);
        return true;
    }

    private static bool TryReadContainer(ref Utf8JsonReader reader, int maxKeys, ref List<DeliveredKey>? keys)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("keys"u8))
            {
                reader.Skip();
                continue;
            }

            if (keys is not null || !reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return false;
            }

            keys = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (keys.Count == maxKeys || !TryReadKey(ref reader, out var key))
                {
                    return false;
                }

                keys.Add(key);
            }
        }

        return keys is not null && reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool TryReadKey(ref Utf8JsonReader reader, [NotNullWhen(true)] out DeliveredKey? delivered)
    {
        delivered = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        Guid? keyId = null;
        SecretBytes? key = null;
        try
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("key_ID"u8))
                {
                    if (keyId is not null || !reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetGuid(out var id))
                    {
                        return false;
                    }

                    keyId = id;
                }
                else if (reader.ValueTextEquals("key"u8))
                {
                    if (key is not null || !reader.Read() || !SecretBase64.TryDecode(ref reader, out key) || key.Length == 0)
                    {
                        return false;
                    }
                }
                else
                {
                    reader.Skip();
                }
            }

            if (keyId is null || key is null)
            {
                return false;
            }

            delivered = new DeliveredKey(keyId.Value, key);
            return true;
        }
        finally
        {
            if (delivered is null)
            {
                key?.Dispose();
            }
        }
    }
}
