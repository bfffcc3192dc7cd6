using Dske.Encryptor.Configuration;
using Dske.Protocol.Identifiers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Unit.Encryptor;

[Trait("Tier", "Unit")]
public sealed class EncryptorOptionsTests
{
    private static readonly (string, string?)[] Good =
    [
        ("SaeId", "sam"), ("Kme:Name", "carol"), ("Peers:0:SaeId", "sofia"), ("Peers:1:SaeId", "SAE 2"), ("Peers:1:Url", "https://sae2.example:8111/x"),
    ];

    [Fact]
    public void Settings_are_the_configuration_with_its_defaults()
    {
        var settings = EncryptorOptionsParser.Parse(Bind(Good));

        Assert.Equal(SaeId.Parse("sam"), settings.SaeId);
        Assert.Equal(NodeName.Parse("carol"), settings.KmeName);
        Assert.Equal("http://carol/", settings.KmeUrl.ToString());
        Assert.Equal("/client/carol/etsi/api/v1/keys", settings.KmePath);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.KmeTimeout);
        Assert.Equal(TimeSpan.FromSeconds(15), settings.PeerTimeout);
        Assert.Equal("http://sofia/", settings.Peers[SaeId.Parse("sofia")].Url.ToString());
        Assert.Equal("https://sae2.example:8111/x/", settings.Peers[SaeId.Parse("SAE 2")].Url.ToString());
        Assert.True(new EncryptorOptionsParser().Validate(null, Bind(Good)).Succeeded);
    }

    [Fact]
    public void Every_setting_can_be_made()
    {
        var settings = EncryptorOptionsParser.Parse(Bind(
            [.. Good, ("Kme:Url", "https+http://kme"), ("Kme:Path", "/api/v1/keys"), ("Kme:Timeout", "00:00:02"), ("PeerTimeout", "00:05:00")]));

        Assert.Equal("https+http://kme/", settings.KmeUrl.ToString());
        Assert.Equal("/api/v1/keys", settings.KmePath);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.KmeTimeout);
        Assert.Equal(TimeSpan.FromMinutes(5), settings.PeerTimeout);
    }

    [Theory]
    [InlineData("SaeId", null, "Dske:Encryptor:SaeId is missing: it must be an SAE ID, 1 to 255 printable characters.")]
    [InlineData("SaeId", "", "Dske:Encryptor:SaeId is '': it must be an SAE ID, 1 to 255 printable characters.")]
    [InlineData("Kme:Name", "Carol", "Dske:Encryptor:Kme:Name is 'Carol': it must be a DNS label, 1 to 63 of a-z, 0-9 and '-'.")]
    [InlineData("Kme:Url", "carol:8105", "Dske:Encryptor:Kme:Url is 'carol:8105': it must be a URL such as http://carol or https://carol.example:8105, without query.")]
    [InlineData("Kme:Url", "ftp://carol", "Dske:Encryptor:Kme:Url is 'ftp://carol': it must be a URL such as http://carol or https://carol.example:8105, without query.")]
    [InlineData("Kme:Url", "http://carol?x", "Dske:Encryptor:Kme:Url is 'http://carol?x': it must be a URL such as http://carol or https://carol.example:8105, without query.")]
    [InlineData("Kme:Path", "api", "Dske:Encryptor:Kme:Path is 'api': it must be a path that begins with '/', such as /api/v1/keys.")]
    [InlineData("Kme:Timeout", "00:00:00", "Dske:Encryptor:Kme:Timeout is 00:00:00: it must be from 00:00:01 to 00:05:00 (hours:minutes:seconds).")]
    [InlineData("PeerTimeout", "00:05:01", "Dske:Encryptor:PeerTimeout is 00:05:01: it must be from 00:00:01 to 00:05:00 (hours:minutes:seconds).")]
    [InlineData("Peers:0:SaeId", "", "Dske:Encryptor:Peers:0:SaeId is '': it must be an SAE ID, 1 to 255 printable characters.")]
    [InlineData("Peers:0:SaeId", "sam", "Dske:Encryptor:Peers:0:SaeId is 'sam', this encryptor itself: an encryptor is no peer of its own.")]
    [InlineData("Peers:1:SaeId", "sofia", "Dske:Encryptor:Peers:1:SaeId is 'sofia', which another peer has already: name each peer once.")]
    [InlineData("Peers:1:Url", null, "Dske:Encryptor:Peers:1:Url is missing: 'SAE 2' is no DNS label, so its URL cannot be http://{SaeId}.")]
    public void What_is_wrong_is_said_with_the_key_to_set(string key, string? value, string message)
    {
        var options = Bind([.. Good.Where(setting => setting.Item1 != key), (key, value)]);

        Assert.Equal([message], new EncryptorOptionsParser().Validate(null, options).Failures!);
        Assert.Equal([message], Assert.Throws<OptionsValidationException>(() => EncryptorOptionsParser.Parse(options)).Failures);
    }

    [Fact]
    public void What_is_wrong_with_sinks_is_said_with_the_rest()
    {
        var result = new EncryptorOptionsParser().Validate(null, Bind([.. Good, ("PeerTimeout", "1.00:00:00"), ("Sinks:0:Peer", "sofia"), ("Sinks:1:Name", "WG")]));

        Assert.Equal(
            [
                "Dske:Encryptor:PeerTimeout", "Dske:Encryptor:Sinks:0:Name", "Dske:Encryptor:Sinks:0:Kind", "Dske:Encryptor:Sinks:0:Path",
                "Dske:Encryptor:Sinks:1:Peer", "Dske:Encryptor:Sinks:1:Name", "Dske:Encryptor:Sinks:1:Kind", "Dske:Encryptor:Sinks:1:Path",
            ],
            result.Failures!.Select(failure => failure.Split(" is ")[0]));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var result = new EncryptorOptionsParser().Validate(null, Bind([("Peers:0:Url", "x"), ("PeerTimeout", "1.00:00:00")]));

        Assert.Equal(
            ["Dske:Encryptor:SaeId", "Dske:Encryptor:Kme:Name", "Dske:Encryptor:PeerTimeout", "Dske:Encryptor:Peers:0:SaeId", "Dske:Encryptor:Peers:0:Url"],
            result.Failures!.Select(failure => failure.Split(" is ")[0]));
    }

    private static EncryptorOptions Bind((string Key, string? Value)[] settings)
    {
        var options = new EncryptorOptions();
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key, setting => setting.Value))
            .Build()
            .Bind(options);
        return options;
    }
}
