using System.Collections.Concurrent;

namespace Dske.Console.Telemetry;

/// <summary>Keeps one copy of texts that come again and again: names of nodes, spans and attributes, and short values.</summary>
/// <remarks>Safe for concurrent use. Bounded: a full pool is begun anew.</remarks>
internal sealed class TextPool
{
    /// <summary>The longest text that is pooled, in characters. Shorter than a key ID, which seldom comes again.</summary>
    public const int MaxLength = 32;

    /// <summary>The most texts in a pool.</summary>
    public const int MaxTexts = 8192;

    private const int StringOverhead = 26;

    private ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Gives the one copy of a text, or the text itself when it is not pooled.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">Grows by what the text takes, unless it was here before.</param>
    public string Get(string text, ref long bytes)
    {
        if (text.Length == 0)
        {
            return "";
        }

        if (text.Length <= MaxLength)
        {
            var texts = _texts;
            if (texts.TryGetValue(text, out var known))
            {
                return known;
            }

            if (Interlocked.Increment(ref _count) > MaxTexts)
            {
                _texts = new(StringComparer.Ordinal);
                Interlocked.Exchange(ref _count, 0);
            }
            else
            {
                texts.TryAdd(text, text);
            }
        }

        bytes += StringOverhead + (2 * text.Length);
        return text;
    }
}
