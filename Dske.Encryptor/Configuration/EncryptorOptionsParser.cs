using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyDelivery;
using Microsoft.Extensions.Options;

namespace Dske.Encryptor.Configuration;

/// <summary>
/// Turns <see cref="EncryptorOptions"/> into <see cref="EncryptorSettings"/>, or into the list of everything that is wrong with them. As
/// a validator it does so when the node starts.
/// </summary>
internal sealed class EncryptorOptionsParser : IValidateOptions<EncryptorOptions>
{
    private const string Section = EncryptorOptions.Section;

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(5);
    private static readonly string[] Schemes = ["http", "https", "https+http", "http+https"];

    private readonly List<string> _problems = [];

    public static EncryptorSettings Parse(EncryptorOptions options)
    {
        var parser = new EncryptorOptionsParser();
        var settings = parser.Read(options);
        return parser._problems.Count == 0
            ? settings
            : throw new OptionsValidationException(Options.DefaultName, typeof(EncryptorOptions), parser._problems);
    }

    public ValidateOptionsResult Validate(string? name, EncryptorOptions options)
    {
        var parser = new EncryptorOptionsParser();
        parser.Read(options);
        return parser._problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(parser._problems);
    }

    private EncryptorSettings Read(EncryptorOptions options)
    {
        var saeId = ReadSaeId($"{Section}:SaeId", options.SaeId);
        var kmeName = ReadNodeName($"{Section}:Kme:Name", options.Kme.Name);
        var kmeUrl = ReadUrl($"{Section}:Kme:Url", options.Kme.Url ?? (kmeName.IsEmpty ? "http://unknown" : $"http://{kmeName}"));
        var kmePath = ReadPath($"{Section}:Kme:Path", options.Kme.Path ?? KeyDeliveryPath.OfClient(kmeName));
        CheckTimeout($"{Section}:Kme:Timeout", options.Kme.Timeout);
        CheckTimeout($"{Section}:PeerTimeout", options.PeerTimeout);
        var peers = new Dictionary<SaeId, Peer>();
        for (var i = 0; i < options.Peers.Count; i++)
        {
            ReadPeer($"{Section}:Peers:{i}", options.Peers[i], saeId, peers);
        }

        var sinks = SinkOptionsReader.Read($"{Section}:Sinks", options.Sinks, peers, _problems);
        return new EncryptorSettings(saeId, kmeName, kmeUrl, kmePath, options.Kme.Timeout, peers, options.PeerTimeout) { Sinks = sinks };
    }

    private void ReadPeer(string key, PeerOptions options, SaeId own, Dictionary<SaeId, Peer> peers)
    {
        var saeId = ReadSaeId($"{key}:SaeId", options.SaeId);
        if (options.Url is null && !saeId.IsEmpty && !NodeName.TryParse(saeId.Value, out _))
        {
            _problems.Add($"{key}:Url is missing: '{saeId}' is no DNS label, so its URL cannot be http://{{SaeId}}.");
            return;
        }

        var url = ReadUrl($"{key}:Url", options.Url ?? $"http://{(saeId.IsEmpty ? "unknown" : saeId.Value)}");
        if (saeId.IsEmpty)
        {
            return;
        }

        if (saeId == own)
        {
            _problems.Add($"{key}:SaeId is '{saeId}', this encryptor itself: an encryptor is no peer of its own.");
        }
        else if (!peers.TryAdd(saeId, new Peer(saeId, url)))
        {
            _problems.Add($"{key}:SaeId is '{saeId}', which another peer has already: name each peer once.");
        }
    }

    private SaeId ReadSaeId(string key, string? text)
    {
        if (!SaeId.TryParse(text, out var saeId))
        {
            _problems.Add($"{key} is {Quote(text)}: it must be an SAE ID, 1 to {SaeId.MaxLength} printable characters.");
        }

        return saeId;
    }

    private NodeName ReadNodeName(string key, string? text)
    {
        if (!NodeName.TryParse(text, out var name))
        {
            _problems.Add($"{key} is {Quote(text)}: it must be a DNS label, 1 to {NodeName.MaxLength} of a-z, 0-9 and '-'.");
        }

        return name;
    }

    private Uri ReadUrl(string key, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && Schemes.Contains(url.Scheme)
            && url.Host.Length > 0
            && url.Query.Length == 0
            && url.Fragment.Length == 0
            && url.UserInfo.Length == 0)
        {
            return text.EndsWith('/') ? url : new Uri(text + "/");
        }

        _problems.Add($"{key} is {Quote(text)}: it must be a URL such as http://carol or https://carol.example:8105, without query.");
        return new Uri("http://unknown/");
    }

    private string ReadPath(string key, string text)
    {
        if (!text.StartsWith('/') || text.AsSpan().ContainsAny("?#"))
        {
            _problems.Add($"{key} is {Quote(text)}: it must be a path that begins with '/', such as {KeyDeliveryPath.Standard}.");
        }

        return text;
    }

    private void CheckTimeout(string key, TimeSpan timeout)
    {
        if (timeout < ShortestTimeout || timeout > LongestTimeout)
        {
            _problems.Add($"{key} is {timeout}: it must be from {ShortestTimeout} to {LongestTimeout} (hours:minutes:seconds).");
        }
    }

    private static string Quote(string? text) => text is null ? "missing" : $"'{text}'";
}
