namespace Dske.LocalHosting;

/// <summary>What a command may use.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The services of the AppHost.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The ID of the resource that the command is for.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Cancels the command.</summary>
    public required CancellationToken CancellationToken { get; init; }
}
