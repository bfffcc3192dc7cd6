using System.CommandLine;
using System.CommandLine.Parsing;
using Dske.Benchmarks.CommandLine;

namespace Dske.Benchmarks.Tunnels;

/// <summary>The options of <c>tunnel</c>. What is out of range is refused before anything is asked for.</summary>
internal sealed class TunnelArguments
{
    private const double LongestDuration = 600;
    private const double HighestRate = 100_000;
    private const int Ports = 3;
    private const long MiB = 1024 * 1024;

    // Measuring latency takes some of it, which is not filled up again as long as most is there; at most what an encryptor keeps in reserve.
    private const long LeastPad = 16 * MiB;
    private const long MostPad = 256 * MiB;

    public Option<Uri> Encryptor { get; } = new("--encryptor")
    {
        Description = "The encryptor at which the tunnel begins. Its peer has to allow the target.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri("http://localhost:8110/encryptor/sam"),
        CustomParser = ParseUrl,
    };

    public Option<string> Peer { get; } = new("--peer") { Description = "Where it leads.", HelpName = "NAME", DefaultValueFactory = _ => "sofia" };

    public Option<string> Cipher { get; } = new("--cipher") { Description = "How it is sealed.", DefaultValueFactory = _ => "aes-256-gcm" };

    public Option<double> Warmup { get; } = new("--warmup")
    {
        Description = "How long to send before anything counts, with aes-256-gcm.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 10,
        CustomParser = NumberWithin.Of(0.0, LongestDuration),
    };

    public Option<double> Duration { get; } = new("--duration")
    {
        Description = "How long to send.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 10,
        CustomParser = NumberWithin.Of(0.1, LongestDuration),
    };

    public Option<double> Rate { get; } = new("--rate")
    {
        Description = "How much to send when stalls are measured once more and the sender does not send all it can, with aes-256-gcm; 0 not to.",
        HelpName = "MBIT/S",
        DefaultValueFactory = _ => 1000,
        CustomParser = NumberWithin.Of(0.0, HighestRate),
    };

    public Option<long> Pad { get; } = new("--pad")
    {
        Description = "With one-time-pad: how many bytes to have before sending, and to send most of.",
        HelpName = "BYTES",
        DefaultValueFactory = _ => 80 * MiB,
        CustomParser = NumberWithin.Of(LeastPad, MostPad),
    };

    public Option<int> Port { get; } = new("--port")
    {
        Description = "The first of three ports on loopback: tunnel, target, relay.",
        HelpName = "PORT",
        DefaultValueFactory = _ => 9801,
        CustomParser = NumberWithin.Of(1, ushort.MaxValue - Ports + 1),
    };

    public TunnelArguments() => Cipher.AcceptOnlyFromAmong("aes-256-gcm", "one-time-pad");

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [Encryptor, Peer, Cipher, Warmup, Duration, Rate, Pad, Port];

    /// <summary>What to measure.</summary>
    /// <param name="parsed">A command line without errors.</param>
    public TunnelPlan Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(Encryptor),
        parsed.GetRequiredValue(Peer),
        parsed.GetRequiredValue(Cipher),
        TimeSpan.FromSeconds(parsed.GetRequiredValue(Warmup)),
        TimeSpan.FromSeconds(parsed.GetRequiredValue(Duration)),
        parsed.GetRequiredValue(Rate),
        parsed.GetRequiredValue(Pad),
        parsed.GetRequiredValue(Port));

    private static Uri? ParseUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url)
            && url.Scheme == Uri.UriSchemeHttp
            && url.Query.Length == 0
            && url.Fragment.Length == 0)
        {
            return url;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no URL of an encryptor: http://HOST:PORT/encryptor/NAME.");
        return null;
    }
}
