using System.CommandLine;
using System.CommandLine.Parsing;
using Dske.Benchmarks.CommandLine;

namespace Dske.Benchmarks.Load;

/// <summary>The options of <c>load</c>, and what is wrong with each by itself.</summary>
internal sealed class LoadArguments
{
    public Option<Uri?> MasterKme { get; } = new("--master-kme")
    {
        Description = "Where the master's KME is: what stands before /api/v1/keys.",
        HelpName = "URL",
        CustomParser = ParseUrl,
    };

    public Option<string?> MasterSae { get; } = new("--master-sae") { Description = "The SAE that asks for fresh keys there.", HelpName = "NAME" };

    public Option<Uri?> SlaveKme { get; } = new("--slave-kme") { Description = "Where the slave's KME is.", HelpName = "URL", CustomParser = ParseUrl };

    public Option<string?> SlaveSae { get; } = new("--slave-sae") { Description = "The SAE that asks for the same keys there.", HelpName = "NAME" };

    public Option<string> Topology { get; } = new("--topology")
    {
        Description = "The network, instead of URLs.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "topology.yaml",
    };

    public Option<string[]> Pair { get; } = new("--pair")
    {
        Description = "Who with whom in the topology; may be repeated, to share the load. Default: sam:sofia.",
        HelpName = "MASTER:SLAVE",
    };

    public Option<int> Size { get; } = new("--size") { Description = "The size of each key.", HelpName = "BITS", DefaultValueFactory = _ => 256, CustomParser = ParseSize };

    public Option<int> Number { get; } = new("--number")
    {
        Description = "Keys per request.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        CustomParser = NumberWithin.Of(1, LoadPlan.MaxNumber),
    };

    public Option<int> Concurrency { get; } = new("--concurrency")
    {
        Description = "Exchanges at a time.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        CustomParser = NumberWithin.Of(1, LoadPlan.MaxConcurrency),
    };

    public Option<double> Duration { get; } = new("--duration")
    {
        Description = "How long to measure. Default: 10, or with --pairs as long as it takes.",
        HelpName = "SECONDS",
        CustomParser = NumberWithin.Of(0.1, LoadPlan.MaxDuration.TotalSeconds),
    };

    public Option<long?> Pairs { get; } = new("--pairs")
    {
        Description = "How many pairs to make.",
        HelpName = "N",
        CustomParser = static result => NumberWithin.Of(1, LoadPlan.MaxPairs)(result),
    };

    public Option<double> WarmUp { get; } = new("--warmup")
    {
        Description = "How long to make keys beforehand.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 2,
        CustomParser = NumberWithin.Of(0, LoadPlan.MaxWarmUp.TotalSeconds),
    };

    public Option<double> Timeout { get; } = new("--timeout")
    {
        Description = "How long to wait for an answer.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 30,
        CustomParser = NumberWithin.Of(0.1, LoadPlan.MaxDuration.TotalSeconds),
    };

    public Option<bool> Post { get; } = new("--post") { Description = "Ask by POST even for single keys." };

    public Option<string[]> Pid { get; } = new("--pid")
    {
        Description = "A process to measure, for instance hub=4711; may be repeated. Default: those that listen on the topology's ports.",
        HelpName = "TYPE=PID",
    };

    public Option<bool> FailOnError { get; } = new("--fail-on-error") { Description = "End with exit code 3 when an exchange came to nothing." };

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        MasterKme, MasterSae, SlaveKme, SlaveSae, Topology, Pair, Size, Number, Concurrency, Duration, Pairs, WarmUp, Timeout, Post, Pid, FailOnError,
    ];

    private static int ParseSize(ArgumentResult result)
    {
        var bits = NumberWithin.Of(LoadPlan.MinSizeBits, LoadPlan.MaxSizeBits)(result);
        if (bits % 8 != 0)
        {
            result.AddError("--size must be a multiple of 8.");
        }

        return bits;
    }

    private static Uri? ParseUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.Query.Length == 0
            && url.Fragment.Length == 0)
        {
            return url;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no URL of a KME: http://HOST:PORT, and a path where there is one.");
        return null;
    }
}
