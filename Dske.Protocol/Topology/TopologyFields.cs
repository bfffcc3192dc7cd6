using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dske.Protocol.Topology.Yaml;

namespace Dske.Protocol.Topology;

/// <summary>
/// The values of one mapping, by key. Whatever is not as it should be is reported, once, and then counts as absent. A key
/// without a value counts as absent, too.
/// </summary>
internal sealed class TopologyFields
{
    private readonly Dictionary<string, YamlElement> _values = new(StringComparer.Ordinal);
    private readonly ProblemList _problems;

    private TopologyFields(YamlMark mark, ProblemList problems)
    {
        Mark = mark;
        _problems = problems;
    }

    /// <summary>Where the mapping begins.</summary>
    public YamlMark Mark { get; }

    /// <summary>Takes a mapping apart.</summary>
    /// <param name="element">What should be a mapping.</param>
    /// <param name="expected">What it should be, as in "a hub is {expected}".</param>
    /// <param name="keys">The keys that may occur.</param>
    /// <param name="problems">Receives everything else.</param>
    /// <returns>Null when it is no mapping at all.</returns>
    public static TopologyFields? Of(YamlElement element, string expected, TopologyKeys keys, ProblemList problems)
    {
        if (element is not YamlMapping mapping)
        {
            ReportMismatch(element, $"{expected} belongs here", problems);
            return null;
        }

        var fields = new TopologyFields(mapping.Mark, problems);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Entries)
        {
            if (key is not YamlScalar { Text: var name })
            {
                ReportMismatch(key, "a key must be a single word", problems);
            }
            else if (!lines.TryAdd(name, key.Mark.Line))
            {
                problems.Add(key.Mark, $"the key {Quoted(name)} is already given on line {lines[name]}");
            }
            else if (!keys.Contains(name))
            {
                problems.Add(key.Mark, $"unknown key {Quoted(name)}; {keys.Suggest(name)}");
            }
            else
            {
                fields._values.Add(name, value);
            }
        }

        return fields;
    }

    /// <summary>Text from the file in quotes, fit for one line of a message.</summary>
    public static string Quoted(string text)
    {
        const int longest = 80;
        var shown = text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…");
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c))}'";
    }

    /// <summary>Where a key's value stands, or where the mapping begins when there is none.</summary>
    public YamlMark MarkOf(string key) => _values.TryGetValue(key, out var value) ? value.Mark : Mark;

    /// <summary>Whether a value is written for a key, a good one or not.</summary>
    public bool IsGiven(string key) => _values.TryGetValue(key, out var value) && !value.IsNull;

    /// <summary>Looks up a value of any kind.</summary>
    public bool TryGetElement(string key, [NotNullWhen(true)] out YamlElement? value) =>
        _values.TryGetValue(key, out value) && !value.IsNull;

    /// <summary>Looks up a text. Numbers are texts, too.</summary>
    public bool TryGetText(string key, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (TryGetElement(key, out var value))
        {
            text = (value as YamlScalar)?.Text;
            if (text is null)
            {
                ReportMismatch(value, $"'{key}' must be text", _problems);
            }
        }

        return text is not null;
    }

    /// <summary>Looks up a list.</summary>
    /// <param name="key">The key.</param>
    /// <param name="items">The items; none when the result is false.</param>
    public bool TryGetItems(string key, out IReadOnlyList<YamlElement> items)
    {
        items = [];
        if (!TryGetElement(key, out var value))
        {
            return false;
        }

        if (value is not YamlSequence sequence)
        {
            ReportMismatch(value, $"'{key}' must be a list", _problems);
            return false;
        }

        items = sequence.Items;
        return true;
    }

    /// <summary>Looks up a whole number between bounds, in decimal digits.</summary>
    /// <param name="key">The key.</param>
    /// <param name="least">The least good value.</param>
    /// <param name="greatest">The greatest good value.</param>
    /// <param name="fallback">The result when no good value is given.</param>
    /// <param name="remark">Added to the bounds in the message, to say where they come from.</param>
    public int GetNumber(string key, int least, int greatest, int fallback, string remark = "")
    {
        if (!TryGetElement(key, out var value))
        {
            return fallback;
        }

        var expected = $"'{key}' must be a whole number from {least} to {greatest}{remark}";
        if (value is not YamlScalar scalar)
        {
            ReportMismatch(value, expected, _problems);
        }
        else if (!scalar.IsPlain)
        {
            _problems.Add(value.Mark, $"{expected}, without quotes");
        }
        else if (!int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            || number < least || number > greatest)
        {
            _problems.Add(value.Mark, $"{expected}, not {Quoted(scalar.Text)}");
        }
        else
        {
            return number;
        }

        return fallback;
    }

    private static void ReportMismatch(YamlElement actual, string expected, ProblemList problems)
    {
        if (actual is not YamlRefused)
        {
            problems.Add(actual.Mark, $"{expected}, not {actual.Kind}");
        }
    }
}
