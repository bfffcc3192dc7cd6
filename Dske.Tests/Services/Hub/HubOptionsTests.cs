using Dske.Hub.Hosting;
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
        };

        Assert.Equal(
            [
                "Dske:Hub:Hubs", "Dske:Hub:Hubs:1", "Dske:Hub:Limits:HoldTime", "Dske:Hub:Limits:MaxBlockSize", "Dske:Hub:Limits:MaxClients",
                "Dske:Hub:Limits:MaxHeldRequests", "Dske:Hub:Limits:MaxPoolBytes", "Dske:Hub:Limits:MaxShareBytesPerClient",
                "Dske:Hub:Limits:MaxSharesPerClient", "Dske:Hub:Limits:RepeatWindow", "Dske:Hub:Limits:ShareTimeToLive", "Dske:Hub:Name", "Dske:Hub:Threshold",
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

    private static HubOptions Good(Action<HubOptions>? change = null)
    {
        var options = new HubOptions { Name = "hank", Hubs = ["hank", "helen", "hilary"], Threshold = 2 };
        change?.Invoke(options);
        return options;
    }

    private static IEnumerable<string> KeysOf(HubOptions options) => OptionsProblems.KeysOf(new HubOptionsValidator().Validate(null, options));
}
