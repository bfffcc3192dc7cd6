using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Tests.Unit.Psrd;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Fuzzing;

/// <summary>A hub that signs whatever it likes, and whoever changes its answers: the client reads them or not, and never fails.</summary>
[Trait("Tier", "Fuzzing")]
public sealed class HostileHubTests
{
    private static readonly KeyDescription Key =
        new(NodeName.Parse("carol"), Guid.Parse("0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11"), SaeId.Parse("serena"), SaeId.Parse("sam"));

    private static readonly KeyDescription Keys = Key with { KeyIds = [Key.KeyIds[0], Guid.Parse("0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c12"), Guid.Parse("0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c13")] };

    private static readonly int[] Statuses = [200, 200, 200, 400, 404, 409, 503, 0, -1, 204, 1000, int.MaxValue, int.MinValue];

    public static TheoryData<string, bool, Dialect> Answers
    {
        get
        {
            var all = new TheoryData<string, bool, Dialect>();
            foreach (var kind in new[] { "stored", "share", "error" })
            {
                all.Add(kind, true, Dialect.Guide);
                all.Add(kind, false, Dialect.Guide);
                all.Add(kind, false, Dialect.Reference);
            }

            // The others have no such routes.
            all.Add("shares", true, Dialect.Guide);
            all.Add("encryptors", true, Dialect.Guide);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Whatever_a_hub_signs_is_read_and_costs_its_key_and_pad_at_most(string kind, bool isNative, Dialect dialect) =>
        Campaign.Run($"Signed answer ({kind}, {(isNative ? "native" : dialect)})", 200, round =>
        {
            using var ends = new Ends(isNative, dialect);
            var request = ends.PrepareGet(kind) with { IsPost = kind == "stored" };
            var good = ends.Answer(kind);
            var answer = ends.Sign(request, round.Pick(Statuses), round.Mutate("body", [good, .. ends.AllAnswers]));
            var before = ends.Session.HubOwned.AvailableBytes;

            var reply = ends.Session.Read(request, answer);

            Dispose(reply);
            Assert.InRange(before - ends.Session.HubOwned.AvailableBytes, 0, MessageMac.KeySize + Ends.PadSizeOf(kind));
            Assert.True(Enum.IsDefined(reply.Kind));
        });

    [Theory]
    [MemberData(nameof(Answers))]
    public void Invariant_2_An_answer_that_was_changed_on_its_way_means_nothing_and_costs_nothing(string kind, bool isNative, Dialect dialect) =>
        Campaign.Run($"Changed answer ({kind}, {(isNative ? "native" : dialect)})", 200, round =>
        {
            using var ends = new Ends(isNative, dialect);
            var request = ends.PrepareGet(kind) with { IsPost = kind == "stored" };
            var good = ends.Sign(request, 200, ends.Answer(kind));
            var changed = round.Random.Next(3) switch
            {
                0 => good with { Body = round.Mutate("body", good.Body.ToArray(), [.. ends.AllAnswers]) },
                1 => good with { Signature = round.MutateText("signature", good.Signature!, good.Signature!, request.Signature) },
                _ => good with { Status = round.Pick(Statuses), Signature = round.OneIn(2) ? null : string.Empty },
            };
            var before = ends.Session.HubOwned.AvailableBytes;
            if (!changed.Body.Span.SequenceEqual(good.Body.Span) || changed.Signature != good.Signature)
            {
                Assert.Equal(HubAnswerKind.None, ends.Session.Read(request, changed).Kind);
                Assert.Equal(before, ends.Session.HubOwned.AvailableBytes);
            }

            var reply = ends.Session.Read(request, good);
            Dispose(reply);
            Assert.Equal(kind == "error" ? HubAnswerKind.None : HubAnswerKind.Accepted, reply.Kind);
        });

    [Fact]
    public void Whatever_a_hub_states_in_a_sync_used_bytes_do_not_come_back() =>
        Campaign.Run("Signed answer to a sync", 300, round =>
        {
            using var ends = new Ends(isNative: true, Dialect.Guide);
            ends.PrepareGet("share");
            var time = new FakeTimeProvider();
            for (var sync = 0; sync < 3; sync++)
            {
                if (ends.Session.TryPrepareSync(Key.Client, Guid.Empty, out var request) != PsrdOutcome.Ok)
                {
                    return;
                }

                var body = round.Mutate("statement", ends.Statement, [ends.Statement, .. ends.AllAnswers]);
                var (clientOwned, hubOwned) = (ends.Session.ClientOwned.AvailableBytes, ends.Session.HubOwned.AvailableBytes);

                ends.Session.ReadSync(request!, ends.Sign(request!, round.OneIn(4) ? round.Pick(Statuses) : 200, body), time);

                // What waited for confirmation is there all at once; nothing else can become more.
                Assert.InRange(ends.Session.ClientOwned.AvailableBytes, 0, clientOwned + Ends.PendingSize);
                Assert.InRange(ends.Session.HubOwned.AvailableBytes, 0, hubOwned + Ends.PendingSize);
                time.Advance(TimeSpan.FromSeconds(20));
            }
        });

    [Fact]
    public void Invariant_2_A_statement_that_was_changed_on_its_way_changes_nothing() =>
        Campaign.Run("Changed answer to a sync", 300, round =>
        {
            using var ends = new Ends(isNative: true, Dialect.Guide);
            Assert.Equal(PsrdOutcome.Ok, ends.Session.TryPrepareSync(Key.Client, Guid.Empty, out var request));
            var good = ends.Sign(request!, 200, ends.Statement);
            var changed = round.OneIn(2)
                ? good with { Body = round.Mutate("statement", ends.Statement, [ends.Statement]) }
                : good with { Signature = round.MutateText("signature", good.Signature!, request!.Signature) };
            var before = ends.Describe();
            if (!changed.Body.Span.SequenceEqual(good.Body.Span) || changed.Signature != good.Signature)
            {
                Assert.Equal(HubAnswerKind.None, ends.Session.ReadSync(request!, changed, TimeProvider.System).Kind);
                Assert.Equal(before, ends.Describe());
            }

            var reply = ends.Session.ReadSync(request!, good, TimeProvider.System);
            Assert.Equal((HubAnswerKind.Accepted, null), (reply.Kind, reply.Error));
        });

    private static void Dispose(HubReply reply)
    {
        foreach (var share in reply.Shares ?? [])
        {
            share.Share?.Dispose();
        }
    }

    /// <summary>A client's session, and the hub's bytes to sign with.</summary>
    private sealed class Ends : IDisposable
    {
        public const int ShareSize = 32;
        public const int PendingSize = 1024;

        private const int BlockSize = 8 * 1024;

        private static readonly PsrdBlocks ClientOwned = new(seed: 1, BlockSize, PendingSize);
        private static readonly PsrdBlocks HubOwned = new(seed: 2, BlockSize, PendingSize);

        private readonly InMemoryPsrdStore _clients = new();
        private readonly InMemoryPsrdStore _hubs = new();
        private readonly LocalPool _hub;

        public Ends(bool isNative, Dialect dialect)
        {
            var clientOwned = new LocalPool(_clients, PsrdBlocks.Pool);
            var hubOwned = new PeerPool(_clients, PsrdBlocks.Pool with { Owner = PoolOwner.Hub });
            _hub = new LocalPool(_hubs, PsrdBlocks.Pool);
            Assert.True(_hub.TryAdd(HubOwned[0], HubOwned.All[0].Data));
            for (var i = 0; i < 2; i++)
            {
                Assert.True(clientOwned.TryAdd(ClientOwned[i], ClientOwned.All[i].Data, confirmed: i == 0));
                Assert.True(hubOwned.TryAdd(HubOwned[i], HubOwned.All[i].Data, confirmed: i == 0));
            }

            Session = new LinkSession(isNative ? Guid.Empty : null, dialect, clientOwned, hubOwned);
            Statement = MessageJson.Write(
                new LinkStatement
                {
                    Turn = Key.KeyIds[0],
                    ClientOwned = [new BlockPosition(ClientOwned[0], 0), new BlockPosition(ClientOwned[1], 0)],
                    HubOwned = [new BlockPosition(HubOwned[0], 128), new BlockPosition(HubOwned[1], 0)],
                },
                Dialect.Guide);
        }

        public LinkSession Session { get; }

        /// <summary>A good answer to a sync.</summary>
        public byte[] Statement { get; }

        public byte[][] AllAnswers => [Answer("stored"), Answer("error"), Statement, .. Session.IsNative ? [Answer("encryptors")] : Array.Empty<byte[]>()];

        /// <summary>How many bytes are encrypted in a good body at most.</summary>
        public static int PadSizeOf(string kind) => kind == "shares" ? 2 * ShareSize : ShareSize;

        public OutgoingRequest PrepareGet(string kind)
        {
            OutgoingRequest? request;
            var outcome = kind == "encryptors"
                ? Session.TryPrepareGet(new EncryptorsQuery { ClientName = Key.Client.Value, SaeId = Key.Slave }, out request)
                : Session.TryPrepareGet(kind == "shares" ? Keys : Key, out request);
            Assert.Equal(PsrdOutcome.Ok, outcome);
            return request!;
        }

        /// <summary>A good body.</summary>
        public byte[] Answer(string kind) => kind switch
        {
            "share" => MessageJson.Write(
                new GetKeyShareAnswer
                {
                    ShareIndex = 3,
                    EncryptionKeyAllocation = _hub.Allocate(ShareSize)!.Value.Named,
                    EncryptedShareValue = new byte[ShareSize],
                    PsrdAvailable = Session.IsNative ? 1000 : null,
                },
                Session.Dialect),
            "shares" => MessageJson.Write(
                new GetKeySharesAnswer
                {
                    EncryptionKeyAllocation = _hub.Allocate(2 * ShareSize)!.Value.Named,
                    Shares =
                    [
                        new FetchedShare { UserKeyId = Keys.KeyIds[0], ShareIndex = 3, EncryptedShareValue = new byte[ShareSize] },
                        new FetchedShare { UserKeyId = Keys.KeyIds[1], Error = DskeErrors.GetProblemType(DskeError.ShareUnknown) },
                        new FetchedShare { UserKeyId = Keys.KeyIds[2], ShareIndex = 3, EncryptedShareValue = new byte[ShareSize] },
                    ],
                    PsrdAvailable = 1000,
                },
                Dialect.Guide),
            "encryptors" => MessageJson.Write(
                new EncryptorsAnswer { Clients = [new ListedClient { ClientName = "celia", EncryptorNames = ["serena", "zoë"] }], PsrdAvailable = 1000 }, Dialect.Guide),
            "stored" => Session switch
            {
                { IsNative: true } => MessageJson.Write(new PostKeyShareAnswer { PsrdAvailable = 1000 }, Dialect.Guide),
                { Dialect: Dialect.Reference } => "null"u8.ToArray(),
                _ => [],
            },
            _ => MessageJson.Write(new ErrorAnswer { Type = DskeErrors.GetProblemType(DskeError.OutOfPsrd), Title = "None left.", Status = 503, PsrdAvailable = 0, PsrdNeeded = 64 }, Dialect.Guide),
        };

        public HubResponse Sign(OutgoingRequest request, int status, byte[] body)
        {
            var (named, key) = _hub.Allocate(MessageMac.KeySize)!.Value;
            var signature = new byte[MessageMac.Size];
            if (Session.IsNative)
            {
                MessageMac.SignBound(key, body, status, request.Signature, signature);
            }
            else
            {
                MessageMac.Sign(key, default, body, signature);
            }

            return new HubResponse(status, body, new SignatureHeader(Session.Dialect, named, signature).ToString());
        }

        public string Describe() => string.Join(
            ' ', Session.ClientOwned.GetPositions(withPending: true).Concat(Session.HubOwned.GetPositions(withPending: true))) + $" {Session.ClientOwned.AvailableBytes} {Session.HubOwned.AvailableBytes} {Session.IsSynced}";

        public void Dispose()
        {
            Session.Dispose();
            _hub.Dispose();
            _clients.Dispose();
            _hubs.Dispose();
        }
    }
}
