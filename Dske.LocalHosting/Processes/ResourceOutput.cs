using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dske.LocalHosting;

/// <summary>
/// Where the output of resources goes: to the console with the resource's name in front, or, under test, to the log of the AppHost.
/// </summary>
internal sealed class ResourceOutput(DistributedApplicationModel model, IHostEnvironment environment, ILoggerFactory loggers, bool toLog)
{
    private readonly int _width = model.Resources.Select(resource => resource.Name.Length).DefaultIfEmpty().Max();

    /// <summary>Takes a line that a resource wrote. Concurrent calls do not mix lines.</summary>
    public void WriteLine(IResource resource, string line, bool isError = false)
    {
        if (!toLog)
        {
            Console.WriteLine($"{resource.Name.PadRight(_width)} | {line}");
            return;
        }

        var logger = loggers.CreateLogger($"{environment.ApplicationName}.Resources.{resource.Name}");
#pragma warning disable CA1848, CA1873, CA2254 // A line of another process is the whole message; it has no template of ours.
        logger.Log(isError ? LogLevel.Error : LogLevel.Information, "{Line}", line);
#pragma warning restore CA1848, CA1873, CA2254
    }
}
