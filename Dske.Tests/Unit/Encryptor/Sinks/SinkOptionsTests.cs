using Dske.Encryptor.Configuration;
using Dske.Encryptor.Sinks;
using Dske.Protocol.Identifiers;
using Microsoft.Extensions.Configuration;

namespace Dske.Tests.Unit.Encryptor.Sinks;

[Trait("Tier", "Unit")]
public sealed class SinkOptionsTests
{
    private static readonly (string, string?)[] File = [("0:Peer", "sofia"), ("0:Name", "wg0"), ("0:Kind", "File"), ("0:Path", "/run/dske/wg0.psk")];

    private static readonly (string, string?)[] Command =
    [
        ("1:Peer", "susan"), ("1:Name", "wg0"), ("1:Kind", "command"), ("1:Path", "/usr/bin/wg"), ("1:Interval", "00:02:00"), ("1:Size", "512"),
        ("1:Encoding", "Hex"), ("1:FinalNewline", "false"), ("1:Timeout", "00:00:05"), ("1:Arguments:0", "set"), ("1:Arguments:1", "wg 0; reboot"),
    ];

    [Fact]
    public void Settings_are_the_configuration_with_its_defaults()
    {
        var (sinks, problems) = Read([.. File, .. Command]);

        Assert.Empty(problems);
        Assert.Equal(("sofia", "wg0", null, 256), (sinks[0].Peer.SaeId.Value, sinks[0].Name, sinks[0].Interval, sinks[0].SizeBits));
        Assert.Equal(new KeyFormat(KeyEncoding.Base64, FinalNewline: true), sinks[0].Format);
        Assert.Equal(new FileTargetSettings("/run/dske/wg0.psk"), sinks[0].Target);
        Assert.Equal(("susan", "wg0", TimeSpan.FromMinutes(2), 512), (sinks[1].Peer.SaeId.Value, sinks[1].Name, sinks[1].Interval!.Value, sinks[1].SizeBits));
        Assert.Equal(new KeyFormat(KeyEncoding.Hex, FinalNewline: false), sinks[1].Format);
        var command = Assert.IsType<CommandTargetSettings>(sinks[1].Target);
        Assert.Equal(("/usr/bin/wg", TimeSpan.FromSeconds(5)), (command.Path, command.Timeout));
        Assert.Equal(["set", "wg 0; reboot"], command.Arguments);
    }

    [Fact]
    public void Raw_keys_are_followed_by_a_line_break_only_if_one_asks_for_it()
    {
        Assert.Equal(new KeyFormat(KeyEncoding.Raw, FinalNewline: false), Assert.Single(Read([.. File, ("0:Encoding", "raw")]).Sinks).Format);
        Assert.Equal(new KeyFormat(KeyEncoding.Raw, FinalNewline: true), Assert.Single(Read([.. File, ("0:Encoding", "raw"), ("0:FinalNewline", "true")]).Sinks).Format);
    }

    [Theory]
    [InlineData("0:Peer", null, "Sinks:0:Peer is missing: it must be the SAE ID of one of the peers.")]
    [InlineData("0:Peer", "nobody", "Sinks:0:Peer is 'nobody': it must be the SAE ID of one of the peers.")]
    [InlineData("0:Name", null, "Sinks:0:Name is missing: it must be a DNS label, 1 to 63 of a-z, 0-9 and '-'.")]
    [InlineData("0:Name", "WG0", "Sinks:0:Name is 'WG0': it must be a DNS label, 1 to 63 of a-z, 0-9 and '-'.")]
    [InlineData("0:Interval", "00:00:00.5", "Sinks:0:Interval is 00:00:00.5000000: it must be from 00:00:01 to 30.00:00:00 (days.hours:minutes:seconds).")]
    [InlineData("0:Interval", "31.00:00:00", "Sinks:0:Interval is 31.00:00:00: it must be from 00:00:01 to 30.00:00:00 (days.hours:minutes:seconds).")]
    [InlineData("0:Size", "120", "Sinks:0:Size is 120: it must be 128 to 65536 bits, a multiple of 8.")]
    [InlineData("0:Size", "257", "Sinks:0:Size is 257: it must be 128 to 65536 bits, a multiple of 8.")]
    [InlineData("0:Size", "65544", "Sinks:0:Size is 65544: it must be 128 to 65536 bits, a multiple of 8.")]
    [InlineData("0:Kind", null, "Sinks:0:Kind is missing: it must be File or Command.")]
    [InlineData("0:Kind", "0", "Sinks:0:Kind is '0': it must be File or Command.")]
    [InlineData("0:Path", null, "Sinks:0:Path is missing: it must be an absolute path, of the file to write or the program to run.")]
    [InlineData("0:Path", "wg0.psk", "Sinks:0:Path is 'wg0.psk': it must be an absolute path, of the file to write or the program to run.")]
    [InlineData("0:Path", "/run/dske/", "Sinks:0:Path is '/run/dske/': it must be an absolute path, of the file to write or the program to run.")]
    [InlineData("0:Path", "/run/d\0e", "Sinks:0:Path is '/run/d\0e': it must be an absolute path, of the file to write or the program to run.")]
    [InlineData("0:Encoding", "base32", "Sinks:0:Encoding is 'base32': it must be base64, hex or raw.")]
    [InlineData("0:Timeout", "00:00:05", "Sinks:0:Timeout is for the kind Command; this one is a File.")]
    [InlineData("0:Arguments:0", "x", "Sinks:0:Arguments are for the kind Command; this one is a File.")]
    [InlineData("1:Timeout", "00:05:01", "Sinks:1:Timeout is 00:05:01: it must be from 00:00:01 to 00:05:00 (days.hours:minutes:seconds).")]
    [InlineData("1:Arguments:1", "a\0b", "Sinks:1:Arguments has one with a character that none can have (U+0000).")]
    [InlineData("1:Peer", "sofia", "Sinks:1:Name is 'wg0', which another sink with 'sofia' has already: both ends know it by its name.")]
    public void What_is_wrong_is_said_with_the_key_to_set(string key, string? value, string message)
    {
        (string Key, string?)[] good = [.. File, .. Command];

        Assert.Equal([message], Read([.. good.Where(setting => setting.Key != key), (key, value)]).Problems);
    }

    [Theory]
    [InlineData("/run/dske/wg0.psk")]
    [InlineData("/run/dske/../dske/wg0.psk")]
    [InlineData("/run/dske/wg0.psk.new")]
    [InlineData("/run/dske/wg0")]
    public void Two_sinks_do_not_write_one_file(string path)
    {
        (string, string?)[] first = path.EndsWith("wg0", StringComparison.Ordinal) ? [.. File[..3], ("0:Path", path + ".new")] : File;

        var problem = Assert.Single(Read([.. first, ("1:Peer", "sofia"), ("1:Name", "wg1"), ("1:Kind", "File"), ("1:Path", path)]).Problems);

        Assert.Equal($"Sinks:1:Path is '{path}', which another sink writes already, by this name or one that ends in '.new'.", problem);
    }

    [Theory]
    [InlineData("wireguard.json", "set wg0 peer HYAxXFdVAVZdUVraIMhT2HrYx8TMeuoUslohXgX/+3A= preshared-key /dev/stdin")]
    [InlineData("strongswan.json", "dske")]
    [InlineData("file.json", null)]
    public void The_examples_of_the_documentation_are_good(string name, string? arguments)
    {
        var options = new EncryptorOptions();
        new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "examples", "key-sinks", name)).Build()
            .GetSection(EncryptorOptions.Section).Bind(options);

        var sink = Assert.Single(EncryptorOptionsParser.Parse(options).Sinks);

        Assert.Equal(arguments, sink.Target is CommandTargetSettings command ? string.Join(' ', command.Arguments) : null);
    }

    private static (IReadOnlyList<SinkSettings> Sinks, List<string> Problems) Read((string Key, string? Value)[] settings)
    {
        var options = new Dictionary<string, List<SinkOptions>>();
        var root = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Where(setting => setting.Value is not null).Select(setting => KeyValuePair.Create($"Sinks:{setting.Key}", setting.Value)))
            .Build();
        root.Bind(options);
        var peers = new[] { "sofia", "susan" }.Select(name => new Peer(SaeId.Parse(name), new Uri($"http://{name}/"))).ToDictionary(peer => peer.SaeId);
        var problems = new List<string>();
        return (SinkOptionsReader.Read("Sinks", options["Sinks"], peers, problems), problems);
    }
}
