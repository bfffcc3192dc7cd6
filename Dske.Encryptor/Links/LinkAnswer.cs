using System.Net;

namespace Dske.Encryptor.Links;

/// <summary>What a peer answered to a message of the agreement, or that it did not.</summary>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="Body">The body of a 200.</param>
/// <param name="Type">The type of the problem, on a refusal.</param>
/// <param name="Detail">What the peer says of it.</param>
/// <param name="Instance">The peer's instance, on a refusal for its sake.</param>
/// <param name="RetryAfter">How long to wait, if the peer says so.</param>
internal sealed record LinkAnswer(
    HttpStatusCode? Status, byte[]? Body = null, string? Type = null, string? Detail = null, Guid? Instance = null, TimeSpan? RetryAfter = null)
{
    /// <summary>Whether the message may have arrived without the answer saying what became of it, so that the same should be sent again.</summary>
    public bool IsUncertain => Status is null or >= HttpStatusCode.InternalServerError;

    /// <summary>The answer in words.</summary>
    public string Describe() => Status is null ? "The peer cannot be reached." : $"The peer answered {(int)Status}{(Detail is null ? string.Empty : $": {Detail}")}";
}
