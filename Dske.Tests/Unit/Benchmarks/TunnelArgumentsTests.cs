using System.CommandLine;
using Dske.Benchmarks.Tunnels;

namespace Dske.Tests.Unit.Benchmarks;

[Trait("Tier", "Unit")]
public sealed class TunnelArgumentsTests
{
    [Fact]
    public void What_is_not_said_is_that_of_the_well_known_network()
    {
        var plan = Read([]);

        Assert.Equal(("http://localhost:8110/encryptor/sam", "sofia", "aes-256-gcm"), (plan.Encryptor.AbsoluteUri, plan.Peer, plan.Cipher));
        Assert.Equal((TimeSpan.FromSeconds(10), 80L * 1024 * 1024), (plan.Duration, plan.PadBytes));
        Assert.Equal((TimeSpan.FromSeconds(10), 1000), (plan.Warmup, plan.Rate));
        Assert.Equal((9801, 9802, 9803), (plan.TunnelPort, plan.TargetPort, plan.RelayPort));
        Assert.Equal((false, long.MaxValue), (plan.IsPad, plan.MaxBytes));
    }

    [Fact]
    public void What_is_said_counts()
    {
        var plan = Read(["--encryptor", "http://[::1]:9/encryptor/B%20x", "--peer", "serena", "--cipher", "one-time-pad", "--pad", "16777216", "--duration", "0.5", "--port", "65533", "--warmup", "0", "--rate", "0.5"]);

        Assert.Equal(("http://[::1]:9/encryptor/B%20x", "serena", TimeSpan.FromSeconds(0.5), 65535), (plan.Encryptor.AbsoluteUri, plan.Peer, plan.Duration, plan.RelayPort));
        Assert.Equal((TimeSpan.Zero, 0.5), (plan.Warmup, plan.Rate));
        Assert.Equal((true, 14_680_064), (plan.IsPad, plan.MaxBytes));
    }

    [Theory]
    [InlineData("--encryptor sam")]
    [InlineData("--encryptor https://localhost/encryptor/sam")]
    [InlineData("--encryptor http://localhost/encryptor/sam?x=1")]
    [InlineData("--cipher rot13")]
    [InlineData("--duration 0")]
    [InlineData("--duration 601")]
    [InlineData("--duration 10s")]
    [InlineData("--warmup 601")]
    [InlineData("--rate 100001")]
    [InlineData("--rate 1G")]
    [InlineData("--pad 16777215")]
    [InlineData("--pad 268435457")]
    [InlineData("--pad 1.5")]
    [InlineData("--port 0")]
    [InlineData("--port 65534")]
    [InlineData("--frequency 5")]
    public void A_value_out_of_range_is_refused(string arguments) => Assert.NotEmpty(TunnelCommand.Create(TimeProvider.System).Parse(arguments.Split(' ')).Errors);

    private static TunnelPlan Read(string[] given)
    {
        var arguments = new TunnelArguments();
        var command = new RootCommand();
        foreach (var option in arguments.All)
        {
            command.Options.Add(option);
        }

        var parsed = command.Parse(given);
        Assert.Empty(parsed.Errors);
        return arguments.Read(parsed);
    }
}
