using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dske.LocalHosting.Testing;

/// <summary>
/// One run of an AppHost's entry point, on a thread of its own. The builder finds the run that it is part of as <see cref="Current"/>
/// and reports to it; the run holds the entry point back before it builds, until the test asks for the application.
/// </summary>
internal sealed class EntryPointRun : IAsyncDisposable
{
    // What waits for the entry point must not go on on its thread.
    private const TaskCreationOptions Continuations = TaskCreationOptions.RunContinuationsAsynchronously;

    private static readonly AsyncLocal<EntryPointRun?> CurrentRun = new();

    private readonly string[] _args;
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _building = new(Continuations);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(Continuations);
    private readonly TaskCompletionSource _started = new(Continuations);
    private readonly TaskCompletionSource _ended = new(Continuations);
    private readonly TaskCompletionSource _mayBuild = new();

    public EntryPointRun(Assembly entryPoint, string[] args)
    {
        EntryPoint = entryPoint;
        _args = args;
        new Thread(Run) { IsBackground = true, Name = $"{entryPoint.GetName().Name} entry point" }.Start();
    }

    public static EntryPointRun? Current => CurrentRun.Value;

    public Assembly EntryPoint { get; }

    public Task<DistributedApplicationBuilder> ToBuilderAsync(CancellationToken cancellationToken) =>
        _building.Task.WaitAsync(cancellationToken);

    public Task<DistributedApplication> ToApplicationAsync(CancellationToken cancellationToken)
    {
        _mayBuild.TrySetResult();
        return _built.Task.WaitAsync(cancellationToken);
    }

    public Task ToStartedAsync(CancellationToken cancellationToken) => _started.Task.WaitAsync(cancellationToken);

    /// <summary>Called by the builder, on the thread of the entry point.</summary>
    public void OnBuilding(DistributedApplicationBuilder builder)
    {
        _building.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    /// <summary>Called by the builder, on the thread of the entry point.</summary>
    public void OnBuilt(DistributedApplication application)
    {
        application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => _started.TrySetResult());
        _built.TrySetResult(application);
    }

    /// <summary>Stops the application and waits until the entry point has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _mayBuild.TrySetCanceled();
        if (_built.Task is { IsCompletedSuccessfully: true } built && !_ended.Task.IsCompleted)
        {
            built.Result.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }

        // An error was already reported to whoever waited for the start.
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Run()
    {
        CurrentRun.Value = this;
        try
        {
            var name = EntryPoint.GetName().Name;
            var entryPoint = EntryPoint.EntryPoint ?? throw new InvalidOperationException($"{name} has no entry point.");
            entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, null, entryPoint.GetParameters().Length == 0 ? [] : [_args], null);
            End(new InvalidOperationException($"The entry point of {name} ended before it built or started an application."));
            _ended.TrySetResult();
        }
#pragma warning disable CA1031 // Whatever the AppHost throws is handed to the test that waits for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(e);
            _ended.TrySetException(e);
        }
    }

    /// <summary>Nothing that has not happened yet will happen any more.</summary>
    private void End(Exception reason)
    {
        _building.TrySetException(reason);
        _built.TrySetException(reason);
        _started.TrySetException(reason);
    }
}
