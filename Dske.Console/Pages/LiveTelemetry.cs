using Microsoft.AspNetCore.Components;

namespace Dske.Console.Pages;

/// <summary>A page that shows what the nodes have reported, and again twice a second when there is more.</summary>
public abstract class LiveTelemetry : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _gone = new();
    private Task _watch = Task.CompletedTask;
    private long _seen = -1;

    /// <summary>The clock.</summary>
    [Inject]
    protected TimeProvider Time { get; set; } = null!;

    /// <summary>Grows when there is something new to show.</summary>
    protected abstract long Version { get; }

    /// <summary>Ends when nobody looks at the page any more.</summary>
    protected CancellationToken Gone => _gone.Token;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _gone.CancelAsync();
        await _watch;
        _gone.Dispose();
    }

    /// <summary>Reads what is to be shown; called before each time it is shown.</summary>
    protected abstract void Read();

    /// <inheritdoc />
    protected override void OnParametersSet() => ReadNow();

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        // Not while a page is only rendered once, to be sent: nobody would look.
        if (firstRender)
        {
            _watch = WatchAsync();
        }
    }

    /// <summary>Reads at once: what is asked for has changed.</summary>
    protected void ReadNow()
    {
        _seen = Version;
        Read();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_gone.Token))
            {
                if (Version != _seen)
                {
                    await InvokeAsync(() =>
                    {
                        ReadNow();
                        StateHasChanged();
                    });
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Nobody looks any more.
        }
        catch (Exception fault)
        {
            // The page says so, rather than to stand still.
            await DispatchExceptionAsync(fault);
        }
    }
}
