namespace Dske.LocalHosting;

/// <summary>Executes the commands of resources. Safe for concurrent use.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(ResourceNotificationService notifications, IServiceProvider services)
    {
        _notifications = notifications;
        _services = services;
    }

    /// <summary>Executes a command: one of <see cref="KnownResourceCommands"/>, or one that the application added.</summary>
    /// <param name="resourceId">The ID or name of the resource.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>How it went; an unknown resource or command is a failure.</returns>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (!_notifications.TryGetCurrentState(resourceId, out var current))
        {
            return CommandResults.Failure($"Resource '{resourceId}' not found.");
        }

        var command = current.Resource.Annotations.OfType<ResourceCommandAnnotation>()
            .SingleOrDefault(command => command.Name == commandName);
        if (command is null)
        {
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{resourceId}'.");
        }

        try
        {
            return await command.Execute(new ExecuteCommandContext
            {
                ServiceProvider = _services,
                ResourceName = current.ResourceId,
                CancellationToken = cancellationToken,
            });
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
#pragma warning disable CA1031 // A command of the application may throw anything; whoever executes it gets a result.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return CommandResults.Failure(e.Message);
        }
    }
}
