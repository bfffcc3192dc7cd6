using System.Globalization;
using Dske.Protocol.Topology;

namespace Dske.Cli.Topologies;

/// <summary>A key sink of a topology, at one end.</summary>
/// <param name="Encryptor">The encryptor that has it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Peer">The SAE ID of the other end.</param>
/// <param name="Interval">How often this end establishes a key, in seconds; null where the other end does.</param>
/// <param name="Size">The size of keys in bits.</param>
/// <param name="File">The file that keys are written to; null for a command.</param>
/// <param name="Command">The program that keys are handed to, and its arguments; null for a file.</param>
internal sealed record TopologySink(string Encryptor, string Name, string Peer, int? Interval, int Size, string? File, IReadOnlyList<string>? Command)
{
    /// <summary>All key sinks of a topology.</summary>
    /// <param name="topology">The topology.</param>
    public static IEnumerable<TopologySink> AllOf(NetworkTopology topology) => topology.Clients
        .SelectMany(static client => client.Encryptors)
        .SelectMany(static encryptor => encryptor.Sinks.Select(sink => new TopologySink(
            encryptor.Name.Value,
            sink.Name.Value,
            sink.Peer.Value,
            sink.IntervalSeconds,
            sink.SizeBits,
            sink.Arguments is null ? sink.Path : null,
            sink.Arguments is null ? null : [sink.Path, .. sink.Arguments])));

    /// <summary>Where keys go, in a line: of a command all that is run.</summary>
    public string Describe() => File ?? $"runs {string.Join(' ', Command ?? [])}";

    /// <summary>How often, as people read it.</summary>
    public string? Every() => Interval is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s") : null;
}
