using System.Globalization;
using System.Text;
using Dske.Console.Otlp.Wire;
using Dske.Console.Telemetry;
using Google.Protobuf.Collections;

namespace Dske.Console.Otlp;

/// <summary>Turns values of OTLP into texts, names and times, within the limits of what is kept.</summary>
internal sealed class OtlpValues(TextPool texts)
{
    private const int NanosecondsPerTick = 100;
    private const string UnknownNode = "unknown";

    /// <summary>The node that a resource names.</summary>
    public string NodeOf(Resource? resource)
    {
        long bytes = 0;
        var name = resource?.Attributes.FirstOrDefault(attribute => attribute.Key == "service.name")?.Value?.StringValue;
        return Name(string.IsNullOrEmpty(name) ? UnknownNode : name, ref bytes);
    }

    /// <summary>A name, cut.</summary>
    public string Name(string text, ref long bytes) => texts.Get(Cut(text, TelemetryLimits.MaxNameLength), ref bytes);

    /// <summary>A text, cut.</summary>
    public string Text(string text, ref long bytes) => texts.Get(Cut(text, TelemetryLimits.MaxTextLength), ref bytes);

    /// <summary>A value as a text, cut.</summary>
    public string Text(AnyValue? value, ref long bytes)
    {
        if (value?.ValueCase is AnyValue.ValueOneofCase.StringValue)
        {
            return Text(value.StringValue, ref bytes);
        }

        var text = new StringBuilder();
        Append(text, value, 0);
        return Text(text.ToString(), ref bytes);
    }

    /// <summary>The attributes that are kept.</summary>
    public KeyValuePair<string, string>[] Attributes(IReadOnlyList<KeyValue> attributes, ref long bytes)
    {
        var kept = new KeyValuePair<string, string>[Math.Min(attributes.Count, TelemetryLimits.MaxAttributes)];
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i] = new(Name(attributes[i].Key, ref bytes), Text(attributes[i].Value, ref bytes));
        }

        bytes += 24 + (16 * kept.Length);
        return kept;
    }

    /// <summary>Nanoseconds since 1970 as a time; all of them fit.</summary>
    public static DateTimeOffset Time(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / NanosecondsPerTick));

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // Not between the halves of a pair.
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1), "…");
    }

    private static void Append(StringBuilder text, AnyValue? value, int depth)
    {
        // What will be cut off anyway need not be written.
        if (text.Length > TelemetryLimits.MaxTextLength || depth > OtlpLimits.MaxDepth)
        {
            return;
        }

        switch (value?.ValueCase)
        {
            case AnyValue.ValueOneofCase.StringValue:
                text.Append(value.StringValue);
                break;
            case AnyValue.ValueOneofCase.BoolValue:
                text.Append(value.BoolValue ? "true" : "false");
                break;
            case AnyValue.ValueOneofCase.IntValue:
                text.Append(CultureInfo.InvariantCulture, $"{value.IntValue}");
                break;
            case AnyValue.ValueOneofCase.DoubleValue:
                text.Append(CultureInfo.InvariantCulture, $"{value.DoubleValue}");
                break;
            case AnyValue.ValueOneofCase.BytesValue:
                text.Append(CultureInfo.InvariantCulture, $"({value.BytesValue.Length} bytes)");
                break;
            case AnyValue.ValueOneofCase.ArrayValue:
                AppendAll(text, value.ArrayValue.Values, depth);
                break;
            case AnyValue.ValueOneofCase.KvlistValue:
                AppendAll(text, value.KvlistValue.Values, depth);
                break;
        }
    }

    private static void AppendAll(StringBuilder text, RepeatedField<AnyValue> values, int depth)
    {
        text.Append('[');
        for (var i = 0; i < values.Count && text.Length <= TelemetryLimits.MaxTextLength; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Append(text, values[i], depth + 1);
        }

        text.Append(']');
    }

    private static void AppendAll(StringBuilder text, RepeatedField<KeyValue> values, int depth)
    {
        text.Append('{');
        for (var i = 0; i < values.Count && text.Length <= TelemetryLimits.MaxTextLength; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(values[i].Key).Append('=');
            Append(text, values[i].Value, depth + 1);
        }

        text.Append('}');
    }
}
