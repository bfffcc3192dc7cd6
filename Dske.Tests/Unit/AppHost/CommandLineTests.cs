using Dske.AppHost.Launch;
using Dske.Protocol.Enrolment;

namespace Dske.Tests.Unit.AppHost;

[Trait("Tier", "Unit")]
public sealed class CommandLineTests
{
    [Fact]
    public void Without_options_everything_is_as_usual()
    {
        Assert.True(CommandLine.TryParse([], out var options, out _));

        Assert.Null(options.Topology);
        Assert.Null(options.Data);
        Assert.False(options.Fresh || options.Tls || options.Verbose || options.Help || options.NoConsole);
        Assert.Equal(OutOfBandMode.Token, options.OutOfBand);
    }

    [Theory]
    [InlineData("token", OutOfBandMode.Token)]
    [InlineData("open", OutOfBandMode.Open)]
    [InlineData("off", OutOfBandMode.Off)]
    public void Hubs_want_tokens_or_none(string mode, OutOfBandMode expected)
    {
        Assert.True(CommandLine.TryParse(["--oob", mode], out var options, out _));

        Assert.Equal(expected, options.OutOfBand);
    }

    [Theory]
    [InlineData("--topology", "a.yaml", "--data", "d", "--fresh", "--tls", "--verbose", "--no-console", "--oob", "open")]
    [InlineData("--topology=a.yaml", "--data=d", "--fresh", "--tls", "--verbose", "--no-console", "--oob=open")]
    [InlineData("--verbose", "--no-console", "--tls", "--oob", "open", "--fresh", "--data", "d", "--topology", "a.yaml")]
    public void Options_come_in_any_order_and_either_form(params string[] args)
    {
        Assert.True(CommandLine.TryParse(args, out var options, out _));

        Assert.Equal(("a.yaml", "d", true, true, true), (options.Topology, options.Data, options.Fresh, options.Tls, options.Verbose));
        Assert.True(options.NoConsole);
    }

    [Theory]
    [InlineData("Unknown option --frsh", "--frsh")]
    [InlineData("Unknown option topology.yaml", "topology.yaml")]
    [InlineData("Unknown option --fresh=yes", "--fresh=yes")]
    [InlineData("--topology needs a file", "--topology")]
    [InlineData("--topology needs a file", "--topology", "--fresh")]
    [InlineData("--topology needs a file", "--topology=")]
    [InlineData("--data needs a directory", "--data")]
    [InlineData("--background needs a file", "--background")]
    [InlineData("Unknown option --tls=yes", "--tls=yes")]
    [InlineData("--oob is token, open or off", "--oob")]
    [InlineData("--oob is token, open or off", "--oob", "maybe")]
    public void What_cannot_be_done_is_refused_with_a_reason(string reason, params string[] args)
    {
        Assert.False(CommandLine.TryParse(args, out _, out var problem));

        Assert.StartsWith(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_Aspire_are_for_Aspire()
    {
        string[] args = ["--operation", "publish", "--output-path=manifest.json"];

        if (Orchestrator.IsAspire)
        {
            Assert.True(CommandLine.TryParse(args, out var options, out _));
            Assert.Equal(["--operation", "publish", "--output-path", "manifest.json"], options.HostArguments);
        }
        else
        {
            Assert.False(CommandLine.TryParse(args, out _, out var problem));
            Assert.Contains("-p:Orchestrator=Aspire", problem, StringComparison.Ordinal);
        }
    }
}
