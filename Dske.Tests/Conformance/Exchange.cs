using System.Net;
using System.Text.Json;

namespace Dske.Tests.Conformance;

/// <summary>A request for keys and what became of it.</summary>
/// <param name="Request">The request as it went out, for messages.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Text">The body of the answer.</param>
/// <param name="RetryAfter">How long to wait, as the answer says; null when it does not.</param>
public sealed record Exchange(string Request, HttpStatusCode Status, string Text, TimeSpan? RetryAfter)
{
    /// <summary>The body of the answer.</summary>
    public JsonElement Body => JsonElement.Parse(Text);

    /// <summary>The keys of the answer by their IDs, in order; the answer has to be 200.</summary>
    public IReadOnlyList<(string Id, byte[] Key)> Keys
    {
        get
        {
            AssertStatus(HttpStatusCode.OK);
            return [.. Body.GetProperty("keys").EnumerateArray().Select(key => (key.GetProperty("key_ID").GetString()!, key.GetProperty("key").GetBytesFromBase64()))];
        }
    }

    /// <summary>Checks that the answer is an error, with a message of the standard or of our own.</summary>
    /// <param name="status">The status.</param>
    /// <param name="message">The exact message; null for any.</param>
    public void AssertError(HttpStatusCode status, string? message = null)
    {
        AssertStatus(status);
        var said = Body.GetProperty("message").GetString();
        Assert.True(message is null ? !string.IsNullOrWhiteSpace(said) : message == said, $"{Request}: {Text}");
    }

    private void AssertStatus(HttpStatusCode status) => Assert.True(Status == status, $"{Request}: wanted {(int)status}, got {(int)Status} {Text}");
}
