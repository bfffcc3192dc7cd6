using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Benchmarks.Tunnels;

namespace Dske.Tests.Services.Encryptor.Links;

/// <summary>The benchmark of tunnels against two encryptors: that it measures and clears up, not what it finds.</summary>
[Trait("Tier", "Services")]
public sealed class TunnelRunTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("aes-256-gcm")]
    [InlineData("one-time-pad")]
    public async Task A_run_tells_what_went_through_relay_and_tunnel_and_leaves_nothing_behind(string cipher)
    {
        await using var pair = await LinkedPair.StartAsync();

        var (exitCode, output, errors) = await RunAsync(
            "--encryptor", $"{pair.Sam.Url}encryptor/sam", "--cipher", cipher, "--pad", "16777216", "--warmup", "0.2", "--duration", "1", "--rate", "100", "--port", $"{LinkedPair.FreePorts(3)}");

        Assert.True(exitCode == 0, errors);
        var report = JsonElement.Parse(output);
        Assert.Equal(cipher, report.GetProperty("cipher").GetString());
        foreach (var member in new[] { "relay_mbit_per_second", "tunnel_mbit_per_second", "relay_latency_ms_p50", "tunnel_latency_ms_p50" })
        {
            Assert.True(report.GetProperty(member).GetDouble() > 0, $"{member}: {output}");
        }

        Assert.Equal(
            report.GetProperty("tunnel_latency_ms_p50").GetDouble() - report.GetProperty("relay_latency_ms_p50").GetDouble(),
            report.GetProperty("added_latency_ms_p50").GetDouble(),
            tolerance: 0.001);
        Assert.Equal(cipher == "aes-256-gcm", report.TryGetProperty("tunnel_stall_ms_paced_p50", out _));
        Assert.Contains("roll-overs while it was sent", errors, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync(pair);
    }

    [Fact]
    public async Task What_the_encryptor_refuses_is_told_and_nothing_is_left_behind()
    {
        await using var pair = await LinkedPair.StartAsync();
        using var taken = new TcpPeer();

        // The first port is the tunnel's, which the encryptor cannot listen on.
        var (exitCode, output, errors) = await RunAsync("--encryptor", $"{pair.Sam.Url}encryptor/sam", "--port", $"{taken.Port}");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("The tunnel could not be measured: ", errors, StringComparison.Ordinal);
        Assert.Contains("409", errors, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync(pair);
    }

    private static async Task AssertNothingIsLeftAsync(LinkedPair pair)
    {
        foreach (var list in new[] { "links", "tunnels" })
        {
            Assert.Empty((await pair.Sam.Client.GetFromJsonAsync<JsonElement>($"/encryptor/sam/api/v1/{list}", Cancellation)).GetProperty(list).EnumerateArray());
        }
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await TunnelCommand.Create(TimeProvider.System).Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = errors }, Cancellation);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
