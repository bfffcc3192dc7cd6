namespace Dske.LocalHosting;

/// <summary>More about a command that sends an HTTP request.</summary>
public class HttpCommandOptions : CommandOptions
{
    /// <summary>Completes the request, for instance with a body.</summary>
    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }
}
