using Dske.Hub.Enrolment;
using Dske.Hub.Hosting;
using Dske.Hub.Traffic;
using Dske.Protocol.Hubs;

namespace Dske.Tests.Services.Hub;

[Trait("Tier", "Services")]
public sealed class HubOptionsTests
{
    [Fact]
    public void Good_settings_have_no_problems() => Assert.True(new HubOptionsValidator().Validate(null, Good()).Succeeded);

    [Fact]
    public void All_problems_are_reported_at_once_each_with_its_key()
    {
        var options = new HubOptions
        {
            Name = "Hank!",
            Hubs = ["hank", "He len", "hilary"],
            Threshold = 4,
            OutOfBand = new OutOfBandOptions { Mode = "closed" },
            Limits = new HubLimits
            {
                MaxClients = 0,
                MaxBlockSize = 100,
                MaxPoolBytes = 99,
                MaxSharesPerClient = 0,
                MaxShareBytesPerClient = 1,
                ShareTimeToLive = TimeSpan.Zero,
                RepeatWindow = TimeSpan.FromSeconds(-1),
                HoldTime = TimeSpan.FromMinutes(1),
                MaxHeldRequests = -1,
            },
            Traffic = new TrafficOptions { OutOfBandPerSecond = 0, OutOfBandBurst = 200_000, MaxUnverifiedBytes = 1024 },
        };

        Assert.Equal(
            [
                "Dske:Hub:Hubs", "Dske:Hub:Hubs:1", "Dske:Hub:Limits:HoldTime", "Dske:Hub:Limits:MaxBlockSize", "Dske:Hub:Limits:MaxClients",
                "Dske:Hub:Limits:MaxHeldRequests", "Dske:Hub:Limits:MaxPoolBytes", "Dske:Hub:Limits:MaxShareBytesPerClient",
                "Dske:Hub:Limits:MaxSharesPerClient", "Dske:Hub:Limits:RepeatWindow", "Dske:Hub:Limits:ShareTimeToLive", "Dske:Hub:Name", "Dske:Hub:OutOfBand:Mode", "Dske:Hub:Threshold",
                "Dske:Hub:Traffic:MaxUnverifiedBytes", "Dske:Hub:Traffic:OutOfBandBurst", "Dske:Hub:Traffic:OutOfBandPerSecond",
            ],
            KeysOf(options));
    }

    [Fact]
    public void A_list_of_hubs_that_cannot_be_is_reported()
    {
        Assert.Equal(["Dske:Hub:Hubs", "Dske:Hub:Threshold"], KeysOf(Good(options => options.Hubs = [])));
        Assert.Equal(["Dske:Hub:Hubs", "Dske:Hub:Threshold"], KeysOf(Good(options => options.Hubs = ["hank"])));
        Assert.Equal(["Dske:Hub:Hubs"], KeysOf(Good(options => options.Hubs = [.. Enumerable.Range(0, 17).Select(i => $"hub-{i}")])));
        Assert.Equal(["Dske:Hub:Hubs"], KeysOf(Good(options => options.Hubs = ["hank", "helen", "helen"])));
        Assert.Equal(["Dske:Hub:Hubs"], KeysOf(Good(options => options.Hubs = ["helen", "hilary", "hugo"])));
        Assert.Equal(["Dske:Hub:Threshold"], KeysOf(Good(options => options.Threshold = 1)));
    }

    [Theory]
    [InlineData("open", true)]
    [InlineData("Off", true)]
    [InlineData("1", false)]
    [InlineData("", false)]
    [InlineData("open,off", false)]
    public void Out_of_band_modes_go_by_their_names(string mode, bool good)
        => Assert.Equal(good, new HubOptionsValidator().Validate(null, Good(options => options.OutOfBand.Mode = mode)).Succeeded);

    [Fact]
    public void Without_a_mode_the_hub_needs_its_enrolment_key()
    {
        using var folder = new EnrolmentFolder();

        Assert.Equal(["Dske:Hub:OutOfBand:KeyFile"], KeysOf(Good(options => options.OutOfBand = new OutOfBandOptions())));
        Assert.True(new HubOptionsValidator().Validate(null, Good(options => options.OutOfBand = new OutOfBandOptions { KeyFile = folder.KeyFileOf("hank") })).Succeeded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00112233")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 0")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021")]
    public void A_file_that_holds_no_enrolment_key_is_reported_without_what_it_holds(string text)
    {
        using var folder = new EnrolmentFolder();
        var file = folder.Write("hank.key", text);

        var result = new HubOptionsValidator().Validate(null, Good(options => options.OutOfBand = new OutOfBandOptions { Mode = "token", KeyFile = file }));

        var problem = Assert.Single(result.Failures!);
        Assert.StartsWith($"Dske:Hub:OutOfBand:KeyFile cannot be used: {file} ", problem, StringComparison.Ordinal);
        Assert.True(text.Length == 0 || !problem.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_enrolment_key_is_reported()
    {
        using var folder = new EnrolmentFolder();

        Assert.Equal(
            ["Dske:Hub:OutOfBand:KeyFile"],
            KeysOf(Good(options => options.OutOfBand = new OutOfBandOptions { KeyFile = Path.Combine(folder.Path, "nobody.key") })));
    }

    private static HubOptions Good(Action<HubOptions>? change = null)
    {
        var options = new HubOptions { Name = "hank", Hubs = ["hank", "helen", "hilary"], Threshold = 2, OutOfBand = { Mode = "open" } };
        change?.Invoke(options);
        return options;
    }

    private static IEnumerable<string> KeysOf(HubOptions options) => OptionsProblems.KeysOf(new HubOptionsValidator().Validate(null, options));
}
