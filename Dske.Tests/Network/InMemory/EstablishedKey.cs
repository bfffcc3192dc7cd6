using Dske.Protocol.Clients;

namespace Dske.Tests.Network.InMemory;

/// <summary>A key as one end has it: a copy that tests may look at.</summary>
internal sealed record EstablishedKey(Guid Id, byte[] Bytes)
{
    /// <summary>Takes the one key out of a result.</summary>
    public static EstablishedKey Of(KeyResult result) => Assert.Single(AllOf(result));

    /// <summary>Takes all keys out of a result, and asserts that there are some.</summary>
    public static IReadOnlyList<EstablishedKey> AllOf(KeyResult result)
    {
        Assert.Equal(KeyOutcome.Ok, result.Outcome);
        using var keys = result.Keys;
        Assert.NotNull(keys);
        return [.. keys.Keys.Select(key => new EstablishedKey(key.KeyId, key.Key.Span.ToArray()))];
    }
}
