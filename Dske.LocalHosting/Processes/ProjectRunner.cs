using System.ComponentModel;

namespace Dske.LocalHosting;

/// <summary>
/// Starts and stops one project, and publishes how it is. Commands may come concurrently: a later one calls off a start that still
/// waits for other resources, and <see cref="_gate"/> lets one at a time touch the process.
/// </summary>
internal sealed class ProjectRunner(
    ProjectResource resource,
    ResourceNotificationService notifications,
    HealthMonitor health,
    ResourceOutput output,
    TimeProvider time,
    string environmentName) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private CancellationTokenSource _start = new();
    private ChildProcess? _process;
    private Task _supervision = Task.CompletedTask;

    public bool StartsWithApplication => !resource.Annotations.OfType<ExplicitStartAnnotation>().Any();

    /// <summary>Publishes the state before the first start.</summary>
    public void Prepare() => notifications.Publish(resource, snapshot => snapshot with
    {
        State = KnownResourceStates.NotStarted,
        Urls = [.. resource.Annotations.OfType<EndpointAnnotation>().Select(DescribeUrl)],
    });

    /// <summary>Starts the project, anew if it runs, once all that it waits for is there. A failure is published, not thrown.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> called it off.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var start = await StopAndRenewAsync(cancellationToken);
        try
        {
            notifications.Publish(resource, snapshot => snapshot with { State = KnownResourceStates.Starting, ExitCode = null });
            await notifications.WaitForDependenciesAsync(resource, start.Token);
            var environment = await ChildEnvironment.ResolveAsync(resource, environmentName, start.Token);
            await _gate.WaitAsync(start.Token);
            try
            {
                Launch(environment);
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Unless the caller gave up, a later command took over: no concern of the caller's.
            if (cancellationToken.IsCancellationRequested)
            {
                PublishCalledOff();
                throw;
            }
        }
        catch (Exception e) when (e is DistributedApplicationException or Win32Exception or InvalidOperationException)
        {
            output.WriteLine(resource, $"failed to start: {e.Message}", isError: true);
            notifications.Publish(resource, snapshot => snapshot with { State = KnownResourceStates.FailedToStart });
        }
    }

    /// <summary>Stops the project, if it runs, and calls off a start that still waits.</summary>
    public async Task StopAsync()
    {
        using var nothing = await StopAndRenewAsync(CancellationToken.None);
        PublishCalledOff();
    }

    public void Dispose()
    {
        _process?.Dispose();
        _gate.Dispose();
    }

    private async Task<CancellationTokenSource> StopAndRenewAsync(CancellationToken cancellationToken)
    {
        var next = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var previous = Interlocked.Exchange(ref _start, next);
        CallOff(previous);
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_process is { Ended.IsCompleted: false } process)
            {
                notifications.Publish(resource, snapshot => snapshot with { State = KnownResourceStates.Stopping });
                if (await process.StopAsync(time))
                {
                    var grace = ChildProcess.GracePeriod.TotalSeconds;
                    output.WriteLine(resource, $"did not stop within {grace:0} s and was killed", isError: true);
                }
            }

            await _supervision;
            return next;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static void CallOff(CancellationTokenSource start)
    {
        try
        {
            start.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // That start is over.
        }
    }

    private void PublishCalledOff() => notifications.Publish(resource, snapshot => snapshot.State?.Text == KnownResourceStates.Waiting
        ? snapshot with { State = KnownResourceStates.NotStarted }
        : snapshot);

    private void Launch(IReadOnlyDictionary<string, string> environment)
    {
        _process?.Dispose();
        var process = _process = ChildProcess.Start(
            resource.Metadata, environment, (line, isError) => output.WriteLine(resource, line, isError));
        notifications.Publish(resource, snapshot => snapshot with
        {
            State = KnownResourceStates.Running,
            LastHealth = HealthMonitor.Initial(resource),
            Properties = [new("executable.path", resource.Metadata.AssemblyPath), new("executable.pid", process.Id)],
        });
        _supervision = SuperviseAsync(process);
    }

    /// <summary>Watches the health of a process until it ends, and reports an end that nobody asked for.</summary>
    private async Task SuperviseAsync(ChildProcess process)
    {
        using var ended = new CancellationTokenSource();
        var watch = health.WatchAsync(resource, ended.Token);
        var exitCode = await process.Ended;
        await ended.CancelAsync();
        notifications.Publish(resource, snapshot => snapshot with { State = KnownResourceStates.Finished, ExitCode = exitCode });
        if (!process.IsStopping)
        {
            var lastLines = process.LastLines;
            output.WriteLine(
                resource,
                $"ended unexpectedly with exit code {exitCode}{(lastLines.Count > 0 ? "; its last lines:" : ", without a word")}",
                isError: exitCode != 0);
            foreach (var line in lastLines)
            {
                output.WriteLine(resource, $"  {line}", isError: exitCode != 0);
            }
        }

        try
        {
            await watch;
        }
        catch (OperationCanceledException)
        {
            // It ended with the process.
        }
    }

    private UrlSnapshot DescribeUrl(EndpointAnnotation endpoint)
    {
        var url = new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = new EndpointReference(resource, endpoint.Name) };
        foreach (var annotation in resource.Annotations.OfType<UrlCallbackAnnotation>())
        {
            if (string.Equals(annotation.EndpointName, endpoint.Name, StringComparison.OrdinalIgnoreCase))
            {
                annotation.Callback(url);
            }
        }

        return new UrlSnapshot(endpoint.Name, url.Url);
    }
}
