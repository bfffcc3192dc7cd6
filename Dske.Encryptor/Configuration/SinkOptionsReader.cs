using Dske.Encryptor.Endpoints;
using Dske.Encryptor.Sinks;
using Dske.Protocol.Identifiers;

namespace Dske.Encryptor.Configuration;

/// <summary>Turns <see cref="SinkOptions"/> into <see cref="SinkSettings"/>, and notes everything that is wrong with them.</summary>
internal sealed class SinkOptionsReader
{
    private const int MaxNameLength = NodeName.MaxLength;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(30);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyDictionary<SaeId, Peer> _peers;
    private readonly List<string> _problems;
    private readonly HashSet<(SaeId, string)> _names = [];
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);

    private SinkOptionsReader(IReadOnlyDictionary<SaeId, Peer> peers, List<string> problems)
    {
        _peers = peers;
        _problems = problems;
    }

    /// <summary>Reads all sinks.</summary>
    /// <param name="key">The section's key, for the problems.</param>
    /// <param name="options">The sinks as they are written.</param>
    /// <param name="peers">The peers.</param>
    /// <param name="problems">Where problems are noted; the result is of use when none were.</param>
    public static IReadOnlyList<SinkSettings> Read(
        string key, IList<SinkOptions> options, IReadOnlyDictionary<SaeId, Peer> peers, List<string> problems)
    {
        var reader = new SinkOptionsReader(peers, problems);
        var sinks = new List<SinkSettings>(options.Count);
        for (var i = 0; i < options.Count; i++)
        {
            if (reader.Read($"{key}:{i}", options[i]) is { } sink)
            {
                sinks.Add(sink);
            }
        }

        return sinks;
    }

    private SinkSettings? Read(string key, SinkOptions options)
    {
        var peer = ReadPeer($"{key}:Peer", options.Peer);
        if (!NodeName.TryParse(options.Name, out var name))
        {
            _problems.Add($"{key}:Name is {Quote(options.Name)}: it must be a DNS label, 1 to {MaxNameLength} of a-z, 0-9 and '-'.");
        }
        else if (peer is not null && !_names.Add((peer.SaeId, name.Value)))
        {
            _problems.Add($"{key}:Name is '{name}', which another sink with '{peer.SaeId}' has already: both ends know it by its name.");
        }

        CheckTime($"{key}:Interval", options.Interval, ShortestInterval, LongestInterval);
        if (options.Size is < EstablishRequest.MinSizeBits or > EstablishRequest.MaxSizeBits || options.Size % 8 != 0)
        {
            _problems.Add($"{key}:Size is {options.Size}: it must be {EstablishRequest.MinSizeBits} to {EstablishRequest.MaxSizeBits} bits, a multiple of 8.");
        }

        var encoding = ReadChoice($"{key}:Encoding", options.Encoding ?? nameof(KeyEncoding.Base64), KeyEncoding.Base64, "base64, hex or raw");
        var target = ReadTarget(key, options);
        return peer is null || target is null
            ? null
            : new SinkSettings(
                peer,
                name.Value,
                options.Interval,
                options.Size,
                new KeyFormat(encoding, options.FinalNewline ?? encoding != KeyEncoding.Raw),
                target);
    }

    private Peer? ReadPeer(string key, string? text)
    {
        if (SaeId.TryParse(text, out var saeId) && _peers.TryGetValue(saeId, out var peer))
        {
            return peer;
        }

        _problems.Add($"{key} is {Quote(text)}: it must be the SAE ID of one of the peers.");
        return null;
    }

    private TargetSettings? ReadTarget(string key, SinkOptions options)
    {
        var kind = ReadChoice($"{key}:Kind", options.Kind, SinkKind.Command, "File or Command");
        if (options.Path is null || !Path.IsPathFullyQualified(options.Path) || options.Path.Contains('\0') || Path.EndsInDirectorySeparator(options.Path))
        {
            _problems.Add($"{key}:Path is {Quote(options.Path)}: it must be an absolute path, of the file to write or the program to run.");
            return null;
        }

        if (kind == SinkKind.File)
        {
            CheckFile(key, options);
            return new FileTargetSettings(options.Path);
        }

        CheckTime($"{key}:Timeout", options.Timeout, ShortestTimeout, LongestTimeout);
        if (options.Arguments.Any(argument => argument is null || argument.Contains('\0')))
        {
            _problems.Add($"{key}:Arguments has one with a character that none can have (U+0000).");
        }

        return new CommandTargetSettings(options.Path, [.. options.Arguments], options.Timeout ?? DefaultTimeout);
    }

    private void CheckFile(string key, SinkOptions options)
    {
        // A sink makes its file under another name first, which must not be that of another sink's file.
        var file = Path.GetFullPath(options.Path!);
        if (_files.Contains(file + ".new") || (file.EndsWith(".new", StringComparison.Ordinal) && _files.Contains(file[..^4])) || !_files.Add(file))
        {
            _problems.Add($"{key}:Path is '{options.Path}', which another sink writes already, by this name or one that ends in '.new'.");
        }

        if (options.Arguments.Count > 0)
        {
            _problems.Add($"{key}:Arguments are for the kind Command; this one is a File.");
        }

        if (options.Timeout is not null)
        {
            _problems.Add($"{key}:Timeout is for the kind Command; this one is a File.");
        }
    }

    private T ReadChoice<T>(string key, string? text, T fallback, string choices)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        _problems.Add($"{key} is {Quote(text)}: it must be {choices}.");
        return fallback;
    }

    private void CheckTime(string key, TimeSpan? time, TimeSpan shortest, TimeSpan longest)
    {
        if (time < shortest || time > longest)
        {
            _problems.Add($"{key} is {time}: it must be from {shortest} to {longest} (days.hours:minutes:seconds).");
        }
    }

    private static string Quote(string? text) => text is null ? "missing" : $"'{text}'";
}
