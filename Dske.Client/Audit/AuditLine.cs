using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Dske.Client.Audit;

/// <summary>Writes a record of the audit trail as one line of JSON.</summary>
internal static class AuditLine
{
    /// <summary>The most key IDs in the line of a refusal: whoever is refused does not decide how long it gets.</summary>
    public const int MaxRefusedKeys = 16;

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>Writes <c>{"time":…,"operation":…,"caller":…,"others":[…],"keys":[{"key_ID":…,"size":…}],"outcome":…}</c>.</summary>
    /// <param name="record">The record.</param>
    /// <param name="time">When it happened.</param>
    /// <returns>UTF-8, without an end of line.</returns>
    public static ReadOnlyMemory<byte> Write(AuditRecord record, DateTimeOffset time)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            json.WriteString("operation"u8, record.Operation);
            if (record.Caller is { } caller)
            {
                json.WriteString("caller"u8, caller.Value);
            }

            WriteOthers(json, record);
            WriteKeys(json, record);
            json.WriteString("outcome"u8, record.Outcome);
            json.WriteEndObject();
        }

        return text.WrittenMemory;
    }

    private static void WriteOthers(Utf8JsonWriter json, AuditRecord record)
    {
        if (record.Others.Count == 0)
        {
            return;
        }

        json.WriteStartArray("others"u8);
        foreach (var other in record.Others)
        {
            json.WriteStringValue(other.Value);
        }

        json.WriteEndArray();
    }

    private static void WriteKeys(Utf8JsonWriter json, AuditRecord record)
    {
        if (record.Keys.Count == 0)
        {
            return;
        }

        var shown = record.Outcome == AuditRecord.Ok ? record.Keys.Count : Math.Min(record.Keys.Count, MaxRefusedKeys);
        json.WriteStartArray("keys"u8);
        foreach (var key in record.Keys.Take(shown))
        {
            json.WriteStartObject();
            json.WriteString("key_ID"u8, key.Id);
            if (key.SizeBits is { } size)
            {
                json.WriteNumber("size"u8, size);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (shown < record.Keys.Count)
        {
            json.WriteNumber("more_keys"u8, record.Keys.Count - shown);
        }
    }
}
