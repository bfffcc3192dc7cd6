using System.Net;
using Dske.Client.Hosting;
using Dske.Client.HubAccess;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dske.Tests.Services.Client;

/// <summary>The enrolment tokens that a client is given: checked at start, shown on the out-of-band routes and nowhere else.</summary>
[Trait("Tier", "Services")]
public sealed class HubTokenTests : IDisposable
{
    private static readonly NodeName Hank = NodeName.Parse("hank");
    private static readonly NodeName Helen = NodeName.Parse("helen");

    private readonly EnrolmentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_for_this_client_and_that_hub_is_no_problem()
    {
        Assert.True(Validate(_folder.WriteToken("hank", "carol", "sam", "sara", "more")).Succeeded);
        Assert.True(Validate(string.Empty).Succeeded);
        Assert.True(Validate(null).Succeeded);
    }

    [Fact]
    public void Any_other_file_is_a_problem_that_names_the_setting_and_the_file()
    {
        var missing = Path.Combine(_folder.Path, "nobody.token");
        AssertProblem(missing, " cannot be read");
        AssertProblem(_folder.Write("a", "nonsense"), " does not hold an enrolment token");
        AssertProblem(_folder.Write("b", _folder.Issue("hank", "carol", "sam", "sara") + "\n"), " does not hold an enrolment token");
        AssertProblem(_folder.Write("c", _folder.Issue("helen", "carol", "sam", "sara")), " is a token for hub 'helen', not for 'hank'");
        AssertProblem(_folder.Write("d", _folder.Issue("hank", "celia", "sam", "sara")), " is a token for client 'celia'");
        AssertProblem(_folder.Write("e", _folder.Issue("hank", "carol", "sam")), " is a token for client 'carol' with 1 encryptors");
        AssertProblem(_folder.Write("f", new string('A', 20_000)), " is longer than");
    }

    [Fact]
    public async Task Tokens_are_shown_on_the_out_of_band_routes_of_their_hub_and_nowhere_else()
    {
        var hubs = new RecordingHubs();
        using var transport = new HttpHubTransport(hubs, Options.Create(Settings(_folder.WriteToken("hank", "carol", "sam", "sara"))), TimeProvider.System, hubs);

        await CallAllAsync(transport, Hank);
        await CallAllAsync(transport, Helen);

        var token = "Bearer " + _folder.Issue("hank", "carol", "sam", "sara");
        Assert.Equal(
            [
                ("hank", "/hub/hank/dske/oob/v1/registration", token), ("hank", "/hub/hank/dske/oob/v1/psrd", token), ("hank", "/hub/hank/dske/api/v1/key-share", null),
                ("helen", "/hub/helen/dske/oob/v1/registration", null), ("helen", "/hub/helen/dske/oob/v1/psrd", null), ("helen", "/hub/helen/dske/api/v1/key-share", null),
            ],
            hubs.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task A_hub_that_does_not_admit_the_client_is_a_warning_that_names_the_setting(HttpStatusCode status)
    {
        var hubs = new RecordingHubs { Status = status };
        using var transport = new HttpHubTransport(hubs, Options.Create(Settings(_folder.WriteToken("hank", "carol", "sam", "sara"))), TimeProvider.System, hubs);

        await CallAllAsync(transport, Helen);
        await CallAllAsync(transport, Hank);

        Assert.Equal(4, hubs.Warnings.Count);
        Assert.All(hubs.Warnings.Take(2), warning => Assert.EndsWith("Dske:Client:Hubs:1:TokenFile names none", warning, StringComparison.Ordinal));
        Assert.All(hubs.Warnings.Skip(2), warning => Assert.EndsWith("Dske:Client:Hubs:0:TokenFile names one", warning, StringComparison.Ordinal));
        Assert.All(hubs.Warnings, warning => Assert.DoesNotContain("dske1", warning, StringComparison.Ordinal));
    }

    private static async Task CallAllAsync(HttpHubTransport transport, NodeName hub)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await transport.RegisterAsync(hub, new RegistrationRequest { ClientName = "carol", EncryptorNames = [] }, Guid.Empty, "00", startOver: false, cancellation);
        await transport.FetchPsrdAsync(hub, NodeName.Parse("carol"), PoolOwner.Hub, 512, Dialect.Guide, cancellation);
        await transport.SendAsync(hub, new OutgoingRequest(false, "bind=1", default, "signature"), cancellation);
    }

    private static ClientOptions Settings(string? tokenFile) => new()
    {
        Name = "carol",
        Encryptors = ["sam", "sara"],
        Hubs = [new HubAddressOptions { Name = "hank", TokenFile = tokenFile }, new HubAddressOptions { Name = "helen" }],
        Threshold = 2,
    };

    private static ValidateOptionsResult Validate(string? tokenFile) => new ClientOptionsValidator().Validate(null, Settings(tokenFile));

    private static void AssertProblem(string file, string reason)
    {
        var problem = Assert.Single(Validate(file).Failures!);
        Assert.StartsWith($"Dske:Client:Hubs:0:TokenFile cannot be used: {file}{reason}", problem, StringComparison.Ordinal);
    }

    /// <summary>Answers every request with a status and nothing else, and keeps what was asked and what was logged.</summary>
    private sealed class RecordingHubs : HttpMessageHandler, IHttpClientFactory, ILogger<HttpHubTransport>
    {
        public HttpStatusCode Status { get; init; } = HttpStatusCode.BadRequest;

        public List<(string Host, string Path, string? Authorization)> Requests { get; } = [];

        public List<string> Warnings { get; } = [];

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Warnings.Add(formatter(state, exception));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add((request.RequestUri!.Host, request.RequestUri.AbsolutePath, request.Headers.Authorization?.ToString()));
            return Task.FromResult(new HttpResponseMessage(Status) { RequestMessage = request });
        }
    }
}
