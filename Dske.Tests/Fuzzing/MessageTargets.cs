using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Fuzzing;

/// <summary>Readers of the messages between clients and hubs, in both dialects.</summary>
internal static class MessageTargets
{
    private static readonly Guid Block = Guid.Parse("b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c");
    private static readonly Guid Key = Guid.Parse("0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11");
    private static readonly Allocation Pad = new(new Fragment(Block, 16, 4), new Fragment(Key, long.MaxValue, 28));

    public static IEnumerable<DecoderTarget> All => Enum.GetValues<Dialect>().SelectMany(In);

    /// <summary>Where a hub is, as it says at registration.</summary>
    public static LinkStatement Statement { get; } = new()
    {
        Turn = Key,
        ClientOwned = [new BlockPosition(Block, 0), new BlockPosition(Key, 16_384)],
        HubOwned = [new BlockPosition(Key, long.MaxValue)],
    };

    /// <summary>A good POST of a share.</summary>
    public static PostKeyShareRequest Post { get; } = new()
    {
        MasterClientName = "carol",
        MasterSaeId = "sam",
        SlaveSaeId = "zoë",
        UserKeyId = Key,
        ShareIndex = 3,
        EncryptionKeyAllocation = Pad,
        EncryptedShareValue = new byte[32],
    };

    /// <summary>A good POST of the shares of several keys.</summary>
    public static PostKeySharesRequest Posts { get; } = new()
    {
        MasterClientName = "carol",
        MasterSaeId = "sam",
        SlaveSaeId = "zoë",
        ShareIndex = 3,
        EncryptionKeyAllocation = Pad,
        Shares = [new PostedShare { UserKeyId = Key, EncryptedShareValue = new byte[12] }, new PostedShare { UserKeyId = Block, EncryptedShareValue = new byte[20] }],
    };

    private static IEnumerable<DecoderTarget> In(Dialect dialect)
    {
        yield return Of(dialect, new RegistrationRequest { ClientName = "carol", EncryptorNames = ["sam", "zoë"] }, new RegistrationRequest { ClientName = "cindy", EncryptorNames = [] });
        yield return Of(dialect, new RegistrationAnswer { HubName = "hank", Link = Statement }, new RegistrationAnswer { HubName = "hank" });
        yield return Of(dialect, Statement, Statement with { ClientOwned = [], HubOwned = [] });
        yield return Of(dialect, new PsrdAnswer { BlockUuid = Block, Data = SecretBytes.CopyOf(new byte[100]) });
        yield return Of(dialect, Post, Post with { EncryptionKeyAllocation = new Allocation(), EncryptedShareValue = [] });
        yield return Of(dialect, Posts, Posts with { Shares = [] });
        yield return Of(
            dialect,
            new GetKeySharesAnswer
            {
                EncryptionKeyAllocation = Pad,
                Shares =
                [
                    new FetchedShare { UserKeyId = Key, ShareIndex = 3, EncryptedShareValue = new byte[32] },
                    new FetchedShare { UserKeyId = Block, Error = "urn:dske:error:share-unknown" },
                ],
                PsrdAvailable = 7,
            },
            new GetKeySharesAnswer { Shares = [], PsrdAvailable = 0 });
        yield return Of(
            dialect,
            new EncryptorsAnswer { Clients = [new ListedClient { ClientName = "carol", EncryptorNames = ["sam", "zoë"] }], PsrdAvailable = 7 },
            new EncryptorsAnswer { Clients = [], PsrdAvailable = 0 });
        yield return Of(dialect, new PostKeyShareAnswer { PsrdAvailable = 123_456 });
        yield return Of(
            dialect,
            new GetKeyShareAnswer { ShareIndex = 3, EncryptionKeyAllocation = Pad, EncryptedShareValue = new byte[32], PsrdAvailable = 7 },
            new GetKeyShareAnswer { ShareIndex = 0, EncryptionKeyAllocation = Pad, EncryptedShareValue = new byte[4] });
        yield return Of(
            dialect, new ErrorAnswer(), new ErrorAnswer { Type = "urn:dske:error:out-of-psrd", Title = "None left.", Status = 503, PsrdAvailable = 0, PsrdNeeded = 64 });
        yield return Of(dialect, new ReferenceErrorAnswer { Message = "Client is not registered." });
    }

    private static DecoderTarget Of<T>(Dialect dialect, params T[] samples)
        where T : class => new($"{typeof(T).Name} ({dialect})", [.. samples.Select(sample => MessageJson.Write(sample, dialect))], bytes =>
        {
            if (!MessageJson.TryRead<T>(bytes, dialect, out var message))
            {
                return null;
            }

            using (message as IDisposable)
            {
                return MessageJson.Write(message, dialect);
            }
        });
}
