using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Unit.Hubs;

namespace Dske.Tests.Fuzzing;

/// <summary>In-band requests that were changed on their way: refused, and nothing is used up by them. What they were made of still works.</summary>
[Trait("Tier", "Fuzzing")]
public sealed class ForgedRequestTests : IDisposable
{
    // So many forgeries of one request, then the request itself.
    private const int Series = 40;

    private static readonly Guid Waiting = Guid.Parse("00000000-0000-4000-8000-000000000001");
    private static readonly Guid Fresh = Guid.Parse("00000000-0000-4000-8000-000000000002");
    private static readonly Guid FreshToo = Guid.Parse("00000000-0000-4000-8000-000000000003");

    private HubFixture? _fixture;

    public void Dispose() => _fixture?.Dispose();

    [Theory]
    [InlineData("POST key-share")]
    [InlineData("GET key-share")]
    [InlineData("GET sync")]
    [InlineData("POST key-shares")]
    [InlineData("GET key-shares")]
    [InlineData("GET encryptors")]
    [InlineData("POST key-share for several")]
    public async Task Invariant_2_A_request_that_was_changed_on_its_way_changes_nothing(string kind)
    {
        HubPeer carol = null!, celia = null!;
        OutgoingRequest[] requests = [];
        OutgoingRequest genuine = null!;
        string[] queries = [], signatures = [];
        var count = 0;
        await Campaign.RunAsync(kind, 400, async round =>
        {
            if (count++ % Series == 0)
            {
                await FinishAsync();
                (carol, celia) = await StartAsync();
                requests =
                [
                    carol.Post(Fresh), celia.Get(Waiting), celia.PrepareSync(), carol.PostAll([Fresh, FreshToo]), celia.GetAll([Waiting, Fresh]), celia.Ask("sam"),
                    carol.PostAll([Fresh], "selma"),
                ];
                genuine = requests[kind switch
                {
                    "POST key-share" => 0,
                    "GET key-share" => 1,
                    "GET sync" => 2,
                    "POST key-shares" => 3,
                    "GET key-shares" => 4,
                    "GET encryptors" => 5,
                    _ => 6,
                }];
                queries = [.. requests.Select(request => request.Query)];
                signatures = [.. requests.Select(request => request.Signature)];
            }

            var forged = Forge(round);
            if (forged.Resource != genuine.Resource || forged.Query != genuine.Query || forged.Signature != genuine.Signature || !forged.Body.Span.SequenceEqual(genuine.Body.Span))
            {
                await AssertRefusedAsync(forged);
            }
        });
        await FinishAsync();

        OutgoingRequest Forge(FuzzRound round)
        {
            var forged = genuine;
            var parts = 1 + round.Random.Next(15);
            if ((parts & 1) != 0)
            {
                forged = forged with { Query = round.MutateText("query", genuine.Query, queries) };
            }

            if ((parts & 2) != 0)
            {
                forged = forged with { Signature = round.OneIn(8) ? round.Pick(signatures) : round.MutateText("signature", genuine.Signature, signatures) };
            }

            if ((parts & 4) != 0)
            {
                forged = forged with { Body = round.Mutate("body", genuine.Body.ToArray(), [requests[0].Body.ToArray(), requests[3].Body.ToArray()]) };
            }

            // What is signed does not name its route, which can therefore be another one on the way.
            return (parts & 8) != 0 ? forged with { Resource = round.Pick([.. requests.Where(other => other.IsPost == genuine.IsPost).Select(other => other.Resource)]) } : forged;
        }

        async Task AssertRefusedAsync(OutgoingRequest forged)
        {
            var (before, owned) = (_fixture!.Snapshot(), UnusedOfClients());
            var answer = await SendAsync(_fixture.Hub, forged);

            Assert.InRange(answer.Status, 400, 499);
            Assert.NotNull(answer.Error);
            Assert.Equal(owned, UnusedOfClients());
            if (answer.Signature is null)
            {
                Assert.Equal(before, _fixture.Snapshot());
            }
            else
            {
                // Bytes that are gone here: anybody can name them, and be told so now and then.
                Assert.Contains(answer.Error, new DskeError?[] { DskeError.PsrdGone, DskeError.PsrdJumpTooFar });
            }
        }

        async Task FinishAsync()
        {
            if (_fixture is not null)
            {
                var answer = await SendAsync(_fixture.Hub, genuine);
                Assert.Equal((200, null), (answer.Status, answer.Error));
                _fixture.Dispose();
                _fixture = null;
            }
        }
    }

    private static Task<HubAnswer> SendAsync(HubEngine hub, OutgoingRequest request) => hub.HandleAsync(request, TestContext.Current.CancellationToken);

    private async Task<(HubPeer Carol, HubPeer Celia)> StartAsync()
    {
        _fixture = new HubFixture();
        var (carol, celia) = (_fixture.Enrol("carol", "sam"), _fixture.Enrol("celia", "serena", "selma"));
        Assert.Equal(HubAnswerKind.Accepted, (await carol.ExchangeAsync(carol.Post(Waiting))).Kind);
        return (carol, celia);
    }

    private string UnusedOfClients() => string.Join(' ', _fixture!.Hub.GetClients().SelectMany(client => client.ClientOwned).Select(block => $"{block.BlockId}:{block.UnusedBytes}"))
        + $" {_fixture.Hub.ShareCount}";
}
