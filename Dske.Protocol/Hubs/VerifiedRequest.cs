using Dske.Protocol.Messages;

namespace Dske.Protocol.Hubs;

/// <summary>A request whose signature was checked and whose signing key is used up: what an answer to it has to know.</summary>
/// <param name="Client">The client that sent it.</param>
/// <param name="Dialect">The dialect to answer in.</param>
/// <param name="BoundTo">The request's signature header when the answer is to be bound to it; null for a plain answer.</param>
internal readonly record struct VerifiedRequest(RegisteredClient Client, Dialect Dialect, string? BoundTo)
{
    /// <summary>Whether the client speaks our additions.</summary>
    public bool IsNative => BoundTo is not null;
}
