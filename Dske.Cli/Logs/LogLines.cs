namespace Dske.Cli.Logs;

/// <summary>Reads the file that a network in the background writes to: lines of nodes begin with the node's name, blanks and a bar.</summary>
/// <param name="file">The file.</param>
/// <param name="node">The node whose lines count; null for all lines.</param>
internal sealed class LogLines(TextReader file, string? node)
{
    private readonly System.Text.StringBuilder _unfinished = new();

    /// <summary>The next line that counts.</summary>
    /// <returns>The line, of a node without what stands before the bar; null when the file has no further whole line yet.</returns>
    public string? Next()
    {
        while (ReadWhole() is { } line)
        {
            if (node is null)
            {
                return line;
            }

            var bar = line.IndexOf(" | ", StringComparison.Ordinal);
            if (bar > 0 && line.AsSpan(0, bar).TrimEnd().SequenceEqual(node))
            {
                return line[(bar + 3)..];
            }
        }

        return null;
    }

    /// <summary>The last lines that count.</summary>
    /// <param name="count">How many, at most.</param>
    public IReadOnlyCollection<string> Last(int count)
    {
        var last = new Queue<string>();
        while (Next() is { } line)
        {
            last.Enqueue(line);
            if (last.Count > count)
            {
                last.Dequeue();
            }
        }

        return last;
    }

    // A line that is being written has no end yet.
    private string? ReadWhole()
    {
        while (file.Read() is >= 0 and var read)
        {
            if (read == '\n')
            {
                var line = _unfinished.ToString().TrimEnd('\r');
                _unfinished.Clear();
                return line;
            }

            _unfinished.Append((char)read);
        }

        return null;
    }
}
