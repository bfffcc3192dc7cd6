using System.Collections.Concurrent;

namespace Dske.Console.Telemetry;

/// <summary>Keeps one copy of texts that come again and again: names of nodes, spans and attributes, and short values.</summary>
/// <remarks>Safe for concurrent use. Bounded: a full pool takes no more. One that was begun anew would let texts of before, which nobody counts, live on.</remarks>
internal sealed class TextPool
{
    /// <summary>The longest text that is pooled, in characters. Shorter than a key ID, which seldom comes again.</summary>
    public const int MaxLength = 32;

    /// <summary>The most texts in a pool.</summary>
    public const int MaxTexts = 8192;

    private const int StringOverhead = 26;

    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
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
            if (_texts.TryGetValue(text, out var known))
            {
                return known;
            }

            if (Volatile.Read(ref _count) < MaxTexts && _texts.TryAdd(text, text))
            {
                Interlocked.Increment(ref _count);
            }
        }

        bytes += StringOverhead + (2 * text.Length);
        return text;
    }
}
