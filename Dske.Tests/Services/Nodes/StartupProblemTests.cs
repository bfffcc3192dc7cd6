using Dske.Client.Hosting;
using Dske.Encryptor.Configuration;
using Dske.Hub.Hosting;

namespace Dske.Tests.Services.Nodes;

/// <summary>Nodes as processes of their own, with configurations that cannot work.</summary>
[Trait("Tier", "Services")]
public sealed class StartupProblemTests
{
    public static TheoryData<Type, string[]> Incomplete => new()
    {
        { typeof(HubOptions), ["Dske:Hub:Name", "Dske:Hub:Hubs", "Dske:Hub:Threshold", "Dske:Hub:OutOfBand:KeyFile", "Dske:Storage:Directory"] },
        { typeof(ClientOptions), ["Dske:Client:Name", "Dske:Client:Hubs", "Dske:Client:Threshold", "Dske:Storage:Directory"] },
        { typeof(EncryptorOptions), ["Dske:Encryptor:SaeId", "Dske:Encryptor:Kme:Name"] },
    };

    [Theory]
    [MemberData(nameof(Incomplete), DisableDiscoveryEnumeration = true)]
    public async Task A_node_without_settings_says_which_it_needs_one_a_line_and_nothing_else(Type options, string[] keys)
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(options);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Collection(
            errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries),
            [.. keys.Select(key => (Action<string>)(line => Assert.Contains($"{key} ", line, StringComparison.Ordinal)))]);
    }

    [Theory]
    [InlineData(typeof(HubOptions), "Dske:Hub:Threshold")]
    [InlineData(typeof(HubOptions), "Dske:Entropy:MinEntropyPerByte")]
    [InlineData(typeof(ClientOptions), "Dske:Entropy:ReadTimeout")]
    [InlineData(typeof(ClientOptions), "Dske:Client:Keys:MaxSize")]
    [InlineData(typeof(ClientOptions), "Dske:Storage:InMemory")]
    [InlineData(typeof(EncryptorOptions), "Dske:Encryptor:PeerTimeout")]
    public async Task A_value_that_cannot_be_read_is_named_with_its_key_on_one_line(Type options, string key)
    {
        var (exitCode, output, errors) = await NodeProcess.RunAsync(options, $"--{key}=several");

        Assert.Equal((1, ""), (exitCode, output));
        var line = Assert.Single(errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"'several' at '{key}'", line, StringComparison.Ordinal);
    }
}
