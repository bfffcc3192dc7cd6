namespace Dske.Encryptor.Configuration;

/// <summary>Where keys go on each roll-over, as it is written, section <c>Dske:Encryptor:Sinks:{index}</c>.</summary>
internal sealed class SinkOptions
{
    /// <summary>The size of keys in bits unless told otherwise.</summary>
    public const int DefaultSize = 256;

    /// <summary>The other end, one of the peers. Required.</summary>
    public string? Peer { get; set; }

    /// <summary>The sink's name, a DNS label, the same at both ends. Required; no other sink with this peer has it.</summary>
    public string? Name { get; set; }

    /// <summary>How often a fresh key is established, 1 s to 30 days. Default: never, the other end does it.</summary>
    public TimeSpan? Interval { get; set; }

    /// <summary>The size of its keys in bits, a multiple of 8 from 128 to 65536, the same at both ends. Default: 256.</summary>
    public int Size { get; set; } = DefaultSize;

    /// <summary><c>File</c> or <c>Command</c>. Required.</summary>
    public string? Kind { get; set; }

    /// <summary>The file that is written, or the program that is run: an absolute path. Required.</summary>
    public string? Path { get; set; }

    /// <summary><c>base64</c>, <c>hex</c> or <c>raw</c>. Default: base64.</summary>
    public string? Encoding { get; set; }

    /// <summary>Whether a line break follows the key. Default: true, but for <c>raw</c>.</summary>
    public bool? FinalNewline { get; set; }

    /// <summary>The arguments of the program, each handed over as it is. Default: none.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>How long the program may run, 1 s to 5 min. Default: 10 s.</summary>
    public TimeSpan? Timeout { get; set; }
}
