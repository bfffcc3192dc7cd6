using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology.Yaml;

namespace Dske.Protocol.Topology;

/// <summary>Reads the key sinks of encryptors, each by itself. <see cref="SinkPairing"/> holds them against each other afterwards. Not safe for concurrent use.</summary>
internal sealed class SinkReader(ProblemList problems, SinkPairing pairing)
{
    private static readonly string[] Encodings = ["base64", "hex", "raw"];

    /// <summary>Reads the sinks of one encryptor.</summary>
    /// <param name="encryptor">The encryptor's mapping.</param>
    /// <param name="saeId">The encryptor's SAE ID; empty if it has none.</param>
    /// <param name="runsHere">Whether we start the encryptor.</param>
    public IReadOnlyList<SinkDefinition> Read(TopologyFields encryptor, SaeId saeId, bool runsHere)
    {
        if (!encryptor.TryGetItems(TopologyKeys.Sinks, out var items) || items.Count == 0)
        {
            return [];
        }

        if (!runsHere)
        {
            problems.Add(encryptor.MarkOf(TopologyKeys.Sinks), "'sinks' are for an encryptor that runs here; whoever runs this one configures them");
            return [];
        }

        var before = problems.Count;
        SinkDefinition[] sinks = [.. items.Select(item => Read(item, saeId)).OfType<SinkDefinition>()];
        if (problems.Count > before)
        {
            pairing.GiveUp();
        }

        return sinks;
    }

    private SinkDefinition? Read(YamlElement item, SaeId owner)
    {
        var fields = TopologyFields.Of(item, "a key sink such as {name: wg0, peer: sofia, interval: 120, file: /run/dske/wg0}", TopologyKeys.OfSink, problems);
        if (fields is null)
        {
            return null;
        }

        var (path, arguments) = ReadTarget(fields);
        var sink = new SinkDefinition
        {
            Name = ReadName(fields),
            Peer = ReadPeer(fields),
            IntervalSeconds = ReadSeconds(fields, TopologyKeys.Interval, SinkDefinition.MaxIntervalSeconds),
            SizeBits = ReadSize(fields),
            Path = path,
            Arguments = arguments,
            Encoding = ReadEncoding(fields),
            TimeoutSeconds = ReadSeconds(fields, TopologyKeys.Timeout, SinkDefinition.MaxTimeoutSeconds),
        };
        if (sink.TimeoutSeconds is not null && arguments is null)
        {
            problems.Add(fields.MarkOf(TopologyKeys.Timeout), "'timeout' is for a sink with a 'command'");
        }

        pairing.Take(owner, sink, fields.Mark, fields.MarkOf(TopologyKeys.Name), fields.MarkOf(TopologyKeys.Peer), fields.MarkOf(TopologyKeys.File));
        return sink;
    }

    private NodeName ReadName(TopologyFields fields)
    {
        if (!fields.IsGiven(TopologyKeys.Name))
        {
            problems.Add(fields.Mark, "this key sink has no 'name'");
        }
        else if (fields.TryGetText(TopologyKeys.Name, out var text))
        {
            if (NodeName.TryParse(text, out var name))
            {
                return name;
            }

            problems.Add(
                fields.MarkOf(TopologyKeys.Name),
                $"{TopologyFields.Quoted(text)} is no name for a key sink: 1 to {NodeName.MaxLength} of a-z, 0-9 and '-', neither first nor last a '-'");
        }

        return default;
    }

    private SaeId ReadPeer(TopologyFields fields)
    {
        if (!fields.IsGiven(TopologyKeys.Peer))
        {
            problems.Add(fields.Mark, "this key sink has no 'peer'");
        }
        else if (fields.TryGetText(TopologyKeys.Peer, out var text))
        {
            if (SaeId.TryParse(text, out var peer))
            {
                return peer;
            }

            problems.Add(fields.MarkOf(TopologyKeys.Peer), $"'peer' must be the SAE ID of an encryptor, not {TopologyFields.Quoted(text)}");
        }

        return default;
    }

    private static int? ReadSeconds(TopologyFields fields, string key, int most) =>
        fields.GetNumber(key, 1, most, fallback: 0, " seconds") is > 0 and var seconds ? seconds : null;

    private int ReadSize(TopologyFields fields)
    {
        var size = fields.GetNumber(TopologyKeys.Size, SinkDefinition.MinSizeBits, SinkDefinition.MaxSizeBits, SinkDefinition.DefaultSizeBits, " bits");
        if (size % 8 != 0)
        {
            problems.Add(fields.MarkOf(TopologyKeys.Size), $"'size' must be a multiple of 8 bits, not '{size}'");
        }

        return size;
    }

    private string? ReadEncoding(TopologyFields fields)
    {
        if (!fields.TryGetText(TopologyKeys.Encoding, out var text) || Encodings.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        problems.Add(fields.MarkOf(TopologyKeys.Encoding), $"'encoding' must be base64, hex or raw, not {TopologyFields.Quoted(text)}");
        return null;
    }

    private (string Path, IReadOnlyList<string>? Arguments) ReadTarget(TopologyFields fields)
    {
        if (fields.IsGiven(TopologyKeys.File) == fields.IsGiven(TopologyKeys.Command))
        {
            problems.Add(fields.Mark, "a key sink has a 'file' that is written or a 'command' that is run, one of them");
            return (string.Empty, null);
        }

        if (fields.IsGiven(TopologyKeys.File))
        {
            return fields.TryGetText(TopologyKeys.File, out var file) ? (ReadPath(file, fields.MarkOf(TopologyKeys.File), "'file'"), null) : (string.Empty, null);
        }

        if (!fields.TryGetItems(TopologyKeys.Command, out var items))
        {
            return (string.Empty, []);
        }

        if (items.Count == 0)
        {
            problems.Add(fields.MarkOf(TopologyKeys.Command), "'command' must list a program and its arguments, such as [/usr/bin/wg, set, wg0]");
            return (string.Empty, []);
        }

        string[] words = [.. items.Select(ReadWord)];
        return (ReadPath(words[0], items[0].Mark, "the program of 'command'"), words[1..]);
    }

    private string ReadWord(YamlElement item)
    {
        if (item is YamlScalar { IsNull: false } scalar && !scalar.Text.Contains('\0', StringComparison.Ordinal))
        {
            return scalar.Text;
        }

        if (item is not YamlRefused)
        {
            problems.Add(item.Mark, "a word of 'command' must be text without U+0000");
        }

        return string.Empty;
    }

    private string ReadPath(string text, YamlMark mark, string what)
    {
        if (!System.IO.Path.IsPathFullyQualified(text) || text.Contains('\0', StringComparison.Ordinal) || System.IO.Path.EndsInDirectorySeparator(text))
        {
            problems.Add(mark, $"{what} must be an absolute path, not {TopologyFields.Quoted(text)}");
            return string.Empty;
        }

        return text;
    }
}
