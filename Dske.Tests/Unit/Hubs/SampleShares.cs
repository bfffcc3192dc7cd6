using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Hubs;

/// <summary>Shares of carol, made by sam for serena at celia.</summary>
internal static class SampleShares
{
    public static readonly NodeName Carol = NodeName.Parse("carol");
    public static readonly NodeName Celia = NodeName.Parse("celia");
    public static readonly SaeId Sam = SaeId.Parse("sam");
    public static readonly SaeId Serena = SaeId.Parse("serena");

    /// <summary>The ID of a key, by number.</summary>
    public static Guid Id(int number) => new(number, 0, 0x4000, [0x80, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>A share of a key.</summary>
    public static StoredShare Make(int number, int size = 32) => new(Id(number), Carol, Sam, [new ShareRecipient(Serena, Celia)], 0, new SecretBytes(size));

    /// <summary>Fetches a share, and whether there is one.</summary>
    public static bool Fetch(this ShareStore store, int number)
    {
        if (store.TryGet(Id(number), Sam, Serena, Celia, out _, out var value) is not null)
        {
            return false;
        }

        value!.Dispose();
        store.MarkDelivered(Id(number), Sam, Serena, Celia);
        return true;
    }
}
