using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology.Yaml;

namespace Dske.Protocol.Topology;

/// <summary>Holds the key sinks of a file against each other: a sink has two ends, and a file one sink that writes it. Not safe for concurrent use.</summary>
internal sealed class SinkPairing(ProblemList problems)
{
    // A sink makes its file under another name first, as long as its directory is the same.
    private const string Draft = ".new";

    private readonly List<End> _ends = [];
    private readonly Dictionary<string, YamlMark> _files = new(StringComparer.Ordinal);
    private bool _isGivenUp;

    /// <summary>Takes note of a sink.</summary>
    /// <param name="owner">The encryptor that has it.</param>
    /// <param name="sink">The sink; what is wrong in itself was reported and left out.</param>
    /// <param name="mark">Where it stands.</param>
    /// <param name="name">Where its name stands.</param>
    /// <param name="peer">Where its peer stands.</param>
    /// <param name="file">Where its file stands.</param>
    public void Take(SaeId owner, SinkDefinition sink, YamlMark mark, YamlMark name, YamlMark peer, YamlMark file)
    {
        if (sink.Arguments is null && sink.Path.Length > 0)
        {
            TakeFile(sink.Path, file);
        }

        if (owner.IsEmpty || sink.Peer.IsEmpty || sink.Name.IsEmpty)
        {
            return;
        }

        if (_ends.Find(end => end.Owner == owner && end.Sink.Peer == sink.Peer && end.Sink.Name == sink.Name) is { } other)
        {
            problems.Add(name, $"the key sink '{sink.Name}' with {TopologyFields.Quoted(sink.Peer.Value)} is already given on line {other.Mark.Line}");
            return;
        }

        _ends.Add(new End(owner, sink, mark, peer));
    }

    /// <summary>A sink has a problem of its own, which is not to bring up others about its other end.</summary>
    public void GiveUp() => _isGivenUp = true;

    /// <summary>Checks that each sink has its other end, once all encryptors are known.</summary>
    /// <param name="encryptors">The SAE IDs of the encryptors that run here.</param>
    public void Check(IReadOnlySet<SaeId> encryptors)
    {
        foreach (var end in _isGivenUp ? [] : _ends)
        {
            var (sink, peer) = (end.Sink, TopologyFields.Quoted(end.Sink.Peer.Value));
            if (sink.Peer == end.Owner)
            {
                problems.Add(end.PeerMark, "the 'peer' of a key sink is another encryptor");
            }
            else if (!encryptors.Contains(sink.Peer))
            {
                problems.Add(end.PeerMark, $"the 'peer' {peer} is no encryptor that runs here, by its SAE ID");
            }
            else if (_ends.Find(other => other.Owner == sink.Peer && other.Sink.Peer == end.Owner && other.Sink.Name == sink.Name) is not { } other)
            {
                problems.Add(end.Mark, $"the key sink '{sink.Name}' has no other end: {peer} needs one of that name with the 'peer' {TopologyFields.Quoted(end.Owner.Value)}");
            }
            else if (_ends.IndexOf(other) > _ends.IndexOf(end))
            {
                // Once for both.
                Check(end, other);
            }
        }
    }

    private void Check(End first, End second)
    {
        if (first.Sink.IntervalSeconds is null && second.Sink.IntervalSeconds is null)
        {
            problems.Add(first.Mark, $"the key sink '{first.Sink.Name}' has an 'interval' neither here nor at its other end on line {second.Mark.Line}: nobody would establish its keys");
        }

        if (first.Sink.SizeBits != second.Sink.SizeBits)
        {
            problems.Add(second.Mark, $"the 'size' of the key sink '{second.Sink.Name}' is {second.Sink.SizeBits} bits, and {first.Sink.SizeBits} at its other end on line {first.Mark.Line}");
        }
    }

    private void TakeFile(string path, YamlMark mark)
    {
        var file = System.IO.Path.GetFullPath(path);
        var draftOf = file.EndsWith(Draft, StringComparison.Ordinal) ? file[..^Draft.Length] : file;
        foreach (var name in new[] { file, file + Draft, draftOf })
        {
            if (_files.TryGetValue(name, out var line))
            {
                problems.Add(mark, $"the file {TopologyFields.Quoted(path)} is written by the key sink on line {line.Line}, by this name or one that ends in '{Draft}'");
                return;
            }
        }

        _files.Add(file, mark);
    }

    private sealed record End(SaeId Owner, SinkDefinition Sink, YamlMark Mark, YamlMark PeerMark);
}
