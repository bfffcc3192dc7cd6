using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.Persistence;

/// <summary>Shares by themselves, for tests of what becomes of each.</summary>
internal static class HubStateStoreExtensions
{
    public static Task SaveShareAsync(this IHubStateStore store, ShareRecord share) => store.SaveSharesAsync([share]);

    /// <summary>A share that waits for somebody.</summary>
    public static ShareRecord Waiting(Guid key, SecretBytes value, int index = 0) => new(
        NodeName.Parse("carol"), key, SaeId.Parse("sam"), [new ShareRecipient(SaeId.Parse("sofia"), NodeName.Parse("conny"))], index, value, default);
}
