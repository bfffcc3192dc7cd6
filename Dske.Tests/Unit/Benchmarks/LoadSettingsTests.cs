using System.CommandLine;
using Dske.Benchmarks.Load;

namespace Dske.Tests.Unit.Benchmarks;

[Trait("Tier", "Unit")]
public sealed class LoadSettingsTests
{
    private static readonly string[] Urls =
        ["--master-kme", "http://127.0.0.1:8105/client/carol/etsi/", "--master-sae", "sam", "--slave-kme", "http://[::1]:8108", "--slave-sae", "so/fia"];

    [Fact]
    public void Urls_and_names_make_a_route()
    {
        var plan = Read(Urls);

        var route = Assert.Single(plan.Routes);
        Assert.Equal("http://127.0.0.1:8105/client/carol/etsi/api/v1/keys/so%2Ffia/enc_keys?size=256", route.FreshKeys("size=256").AbsoluteUri);
        Assert.Equal("http://[::1]:8108/api/v1/keys/sam/dec_keys", route.KnownKeys("").AbsoluteUri);
        Assert.Equal((256, 1, 1, TimeSpan.FromSeconds(10), null), (plan.SizeBits, plan.Number, plan.Concurrency, plan.Duration, plan.Pairs));
    }

    [Fact]
    public void A_topology_and_pairs_make_routes()
    {
        var plan = Read("--topology", "topology.yaml", "--pair", "sam:sofia", "--pair", "susan:cindy");

        Assert.Equal(["sam:sofia", "susan:cindy"], plan.Routes.Select(route => route.ToString()));
        Assert.Equal("http://localhost:8109/client/curtis/etsi", plan.Routes[1].MasterKme.AbsoluteUri);
        Assert.Equal("http://localhost:8107/client/cindy/etsi", plan.Routes[1].SlaveKme.AbsoluteUri);
    }

    [Fact]
    public void Pairs_are_made_up_to_whole_requests_and_take_the_time_they_need()
    {
        var plan = Read([.. Urls, "--pairs", "129", "--number", "128"]);

        Assert.Equal((2, LoadPlan.MaxDuration), (plan.Exchanges, plan.Duration));
    }

    [Theory]
    [InlineData("--size 257")]
    [InlineData("--size 24")]
    [InlineData("--size 16777224")]
    [InlineData("--number 0")]
    [InlineData("--number 1025")]
    [InlineData("--concurrency 0")]
    [InlineData("--concurrency 1025")]
    [InlineData("--duration 0")]
    [InlineData("--duration 601")]
    [InlineData("--duration NaN")]
    [InlineData("--warmup -1")]
    [InlineData("--warmup 121")]
    [InlineData("--timeout 0")]
    [InlineData("--pairs 0")]
    [InlineData("--pairs many")]
    [InlineData("--concurrency 1,6")]
    [InlineData("--number 1.5")]
    [InlineData("--size 256bit")]
    [InlineData("--duration 10s")]
    [InlineData("--master-kme sam")]
    [InlineData("--master-kme ftp://localhost")]
    [InlineData("--frequency 5")]
    public void A_value_out_of_range_is_refused(string arguments) => Assert.NotEmpty(Parse(arguments.Split(' ')).Parsed.Errors);

    [Theory]
    [InlineData("--master-kme http://localhost", "all must be given")]
    [InlineData("--topology nowhere.yaml", "nowhere.yaml")]
    [InlineData("--topology topology.yaml --pair sam", "--pair MASTER:SLAVE")]
    [InlineData("--topology topology.yaml --pair sam:nobody", "'nobody'")]
    [InlineData("--topology topology.yaml --pid 4711", "--pid TYPE=PID")]
    [InlineData("--topology topology.yaml --size 16777216 --number 9", "--size times --number")]
    public void What_makes_no_plan_is_told(string arguments, string expected)
    {
        var (settings, parsed) = Parse(arguments.Split(' '));

        Assert.Empty(parsed.Errors);
        Assert.False(settings.TryRead(out _, out _, out var problems));
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_topology_beside_urls_is_refused()
    {
        var (settings, _) = Parse([.. Urls, "--topology", "topology.yaml"]);

        Assert.False(settings.TryRead(out _, out _, out var problems));
        Assert.Contains("both", Assert.Single(problems), StringComparison.Ordinal);
    }

    private static LoadPlan Read(params string[] given)
    {
        var (settings, parsed) = Parse(given);
        Assert.Empty(parsed.Errors);
        Assert.True(settings.TryRead(out var plan, out _, out var problems), string.Join('\n', problems));
        return plan;
    }

    private static (LoadSettings Settings, ParseResult Parsed) Parse(string[] given)
    {
        var arguments = new LoadArguments();
        var command = new RootCommand();
        foreach (var option in arguments.All)
        {
            command.Options.Add(option);
        }

        // The topology lies beside the tests.
        string[] located = [.. given.Select(argument => argument == "topology.yaml" ? Path.Combine(AppContext.BaseDirectory, argument) : argument)];
        var parsed = command.Parse(located);
        return (new LoadSettings(arguments, parsed), parsed);
    }
}
