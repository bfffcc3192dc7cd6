using System.Diagnostics;
using Dske.Client.Hosting;
using Dske.Encryptor.Configuration;
using Dske.Hub.Hosting;

namespace Dske.Tests.Services.Nodes;

/// <summary>Nodes as processes of their own, with configurations that cannot work.</summary>
[Trait("Tier", "Services")]
public sealed class StartupProblemTests
{
    public static TheoryData<Type, string, string[]> Incomplete => new()
    {
        { typeof(HubOptions), HubOptions.Section, ["Name", "Hubs", "Threshold", "OutOfBand:KeyFile"] },
        { typeof(ClientOptions), ClientOptions.Section, ["Name", "Hubs", "Threshold"] },
        { typeof(EncryptorOptions), EncryptorOptions.Section, ["SaeId", "Kme:Name"] },
    };

    [Theory]
    [MemberData(nameof(Incomplete), DisableDiscoveryEnumeration = true)]
    public async Task A_node_without_settings_says_which_it_needs_one_a_line_and_nothing_else(Type options, string section, string[] keys)
    {
        var (exitCode, output, errors) = await RunAsync(options);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Collection(
            errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries),
            [.. keys.Select(key => (Action<string>)(line => Assert.Contains($"{section}:{key} ", line, StringComparison.Ordinal)))]);
    }

    [Theory]
    [InlineData(typeof(HubOptions), "Dske:Hub:Threshold")]
    [InlineData(typeof(HubOptions), "Dske:Entropy:MinEntropyPerByte")]
    [InlineData(typeof(ClientOptions), "Dske:Entropy:ReadTimeout")]
    [InlineData(typeof(ClientOptions), "Dske:Client:Keys:MaxSize")]
    [InlineData(typeof(EncryptorOptions), "Dske:Encryptor:PeerTimeout")]
    public async Task A_value_that_cannot_be_read_is_named_with_its_key_on_one_line(Type options, string key)
    {
        var (exitCode, output, errors) = await RunAsync(options, $"--{key}=several");

        Assert.Equal((1, ""), (exitCode, output));
        var line = Assert.Single(errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"'several' at '{key}'", line, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(Type options, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(options.Assembly.Location, OperatingSystem.IsWindows() ? ".exe" : null))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["--urls=http://127.0.0.1:0", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var node = Process.Start(start) ?? throw new InvalidOperationException("The node is not a program.");
        try
        {
            var cancellation = TestContext.Current.CancellationToken;
            var output = node.StandardOutput.ReadToEndAsync(cancellation);
            var errors = node.StandardError.ReadToEndAsync(cancellation);
            await node.WaitForExitAsync(cancellation);
            return (node.ExitCode, await output, await errors);
        }
        finally
        {
            node.Kill();
        }
    }
}
