using Dske.Client.Hosting;
using Dske.Protocol.Clients;

namespace Dske.Tests.Services.Client;

[Trait("Tier", "Services")]
public sealed class ClientOptionsTests
{
    [Fact]
    public void Good_settings_have_no_problems() => Assert.True(new ClientOptionsValidator().Validate(null, Good()).Succeeded);

    [Fact]
    public void All_problems_are_reported_at_once_each_with_its_key()
    {
        var options = new ClientOptions
        {
            Name = "Carol",
            Encryptors = ["sam", "", "sam"],
            Hubs =
            [
                new HubAddressOptions { Name = "hank", Url = "ftp://hank" },
                new HubAddressOptions { Name = "He len", Url = "http://helen?x=1" },
                new HubAddressOptions { Name = "hank", Dialect = "python" },
            ],
            Threshold = 4,
            Psrd = new PsrdOptions { BlockSize = 100, RefillBelow = 0, RefillTo = 2L << 30 },
            Keys = new KeyOptions { DefaultSize = 100, MinSize = 31, MaxSize = 16_777_224, MaxPerRequest = 0, MaxBytesPerRequest = 1 },
            Skip = new SkipOptions { RemoteSystems = ["*", "Conny", "[x"], FrontPort = 0 },
            Directory = [new DirectoryOptions { Name = "Conny", Encryptors = ["", "sofia"] }, new DirectoryOptions { Name = "curtis", Encryptors = ["sofia"] }],
            Limits = new ClientLimits
            {
                EstablishTimeout = TimeSpan.Zero,
                HubTimeout = TimeSpan.FromHours(1),
                MaxGrace = TimeSpan.FromSeconds(2),
                MessagesPerPair = 0,
                GatheringTime = TimeSpan.Zero,
                MaxWaitingPerHub = 0,
                MaxCandidatesPerKey = 0,
                TombstoneTime = TimeSpan.Zero,
                RenewInterval = TimeSpan.Zero,
                MinRetryPause = TimeSpan.Zero,
                MaxRetryPause = TimeSpan.FromSeconds(-1),
                MinRegistrationInterval = TimeSpan.FromDays(1),
            },
        };

        Assert.Equal(
            [
                "Dske:Client:Directory", "Dske:Client:Directory:0:Encryptors:0", "Dske:Client:Directory:0:Name", "Dske:Client:Encryptors", "Dske:Client:Encryptors:1", "Dske:Client:Hubs", "Dske:Client:Hubs:0:Url", "Dske:Client:Hubs:1:Name", "Dske:Client:Hubs:1:Url",
                "Dske:Client:Hubs:2:Dialect", "Dske:Client:Keys:DefaultSize", "Dske:Client:Keys:MaxBytesPerRequest", "Dske:Client:Keys:MaxPerRequest",
                "Dske:Client:Keys:MaxSize", "Dske:Client:Keys:MinSize", "Dske:Client:Limits:EstablishTimeout", "Dske:Client:Limits:GatheringTime", "Dske:Client:Limits:HubTimeout",
                "Dske:Client:Limits:MaxCandidatesPerKey", "Dske:Client:Limits:MaxGrace", "Dske:Client:Limits:MaxRetryPause", "Dske:Client:Limits:MaxWaitingPerHub", "Dske:Client:Limits:MessagesPerPair", "Dske:Client:Limits:MinRegistrationInterval",
                "Dske:Client:Limits:MinRetryPause", "Dske:Client:Limits:RebuiltKeyTime", "Dske:Client:Limits:RenewInterval", "Dske:Client:Limits:TombstoneTime", "Dske:Client:Name",
                "Dske:Client:Psrd:BlockSize", "Dske:Client:Psrd:RefillBelow", "Dske:Client:Psrd:RefillTo",
                "Dske:Client:Skip:FrontPort", "Dske:Client:Skip:RemoteSystems:1", "Dske:Client:Skip:RemoteSystems:2", "Dske:Client:Threshold",
            ],
            KeysOf(options));
    }

    [Fact]
    public void No_request_may_have_more_than_16_MiB_of_keys()
        => Assert.Equal(["Dske:Client:Keys:MaxBytesPerRequest"], KeysOf(Good(options => options.Keys.MaxBytesPerRequest = (16 * 1024 * 1024) + 1)));

    [Theory]
    [InlineData("reference", true)]
    [InlineData("Guide", true)]
    [InlineData("1", false)]
    [InlineData("7", false)]
    [InlineData("guide,reference", false)]
    [InlineData("", false)]
    public void A_dialect_is_one_of_two_names(string dialect, bool good)
    {
        var options = Good();
        options.Hubs[1].Dialect = dialect;

        Assert.Equal(good, new ClientOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void A_list_of_hubs_that_cannot_be_is_reported()
    {
        Assert.Equal(["Dske:Client:Hubs", "Dske:Client:Threshold"], KeysOf(Good(options => options.Hubs = [])));
        Assert.Equal(["Dske:Client:Hubs", "Dske:Client:Threshold"], KeysOf(Good(options => options.Hubs = [new HubAddressOptions { Name = "hank" }])));
        Assert.Equal(
            ["Dske:Client:Hubs"],
            KeysOf(Good(options => options.Hubs = [.. Enumerable.Range(0, 17).Select(i => new HubAddressOptions { Name = $"hub-{i}" })])));
    }

    private static ClientOptions Good(Action<ClientOptions>? change = null)
    {
        var options = new ClientOptions
        {
            Name = "carol",
            Encryptors = ["sam"],
            Hubs = [new HubAddressOptions { Name = "hank" }, new HubAddressOptions { Name = "helen", Url = "http://127.0.0.1:8101" }, new HubAddressOptions { Name = "hugo", Url = "https://hugo/hub/hugo" }],
            Threshold = 2,
        };
        change?.Invoke(options);
        return options;
    }

    private static IEnumerable<string> KeysOf(ClientOptions options) => OptionsProblems.KeysOf(new ClientOptionsValidator().Validate(null, options));
}
