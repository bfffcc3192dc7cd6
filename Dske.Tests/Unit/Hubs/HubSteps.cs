using Dske.Protocol.Hubs;

namespace Dske.Tests.Unit.Hubs;

/// <summary>What tests do with hubs, in few words.</summary>
internal static class HubSteps
{
    /// <summary>Hands in a share at a hub whose storage answers at once.</summary>
    public static HubAnswer PostKeyShare(this HubEngine hub, string query, ReadOnlySpan<byte> body, string? signature)
    {
        var answer = hub.PostKeyShareAsync(query, body, signature).AsTask();
        Assert.True(answer.IsCompleted);
        return answer.GetAwaiter().GetResult();
    }
}
