using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Topology;

/// <summary>One key sink of an encryptor that runs here: where keys go that it establishes with a peer, time and again.</summary>
public sealed record SinkDefinition
{
    /// <summary>The greatest time between two keys, in seconds: 30 days.</summary>
    public const int MaxIntervalSeconds = 30 * 24 * 60 * 60;

    /// <summary>The least size of a key, in bits.</summary>
    public const int MinSizeBits = 128;

    /// <summary>The greatest size of a key, in bits.</summary>
    public const int MaxSizeBits = 65536;

    /// <summary>The size of a key where the file gives none, in bits.</summary>
    public const int DefaultSizeBits = 256;

    /// <summary>The greatest time that a command may run, in seconds: 5 minutes.</summary>
    public const int MaxTimeoutSeconds = 5 * 60;

    /// <summary>The sink's name, the same at both ends; once for each peer.</summary>
    public required NodeName Name { get; init; }

    /// <summary>The encryptor at the other end, which runs here, too, and has the same sink for this one.</summary>
    public required SaeId Peer { get; init; }

    /// <summary>How often this end establishes a fresh key, in seconds, from 1; null where the other end does.</summary>
    public int? IntervalSeconds { get; init; }

    /// <summary>The size of keys in bits, a multiple of 8, the same at both ends.</summary>
    public int SizeBits { get; init; } = DefaultSizeBits;

    /// <summary>The file that keys are written to, or the program that reads them: an absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>The arguments of the program; null where keys are written to a file.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>How keys are written: base64, hex or raw; null for what the encryptor does by itself.</summary>
    public string? Encoding { get; init; }

    /// <summary>How long the program may run, in seconds, from 1; null for what the encryptor grants by itself.</summary>
    public int? TimeoutSeconds { get; init; }
}
