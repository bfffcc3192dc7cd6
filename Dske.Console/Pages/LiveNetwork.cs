using Dske.Console.Network;
using Microsoft.AspNetCore.Components;

namespace Dske.Console.Pages;

/// <summary>A page, or a part of one, that shows the network as it is, and again after each snapshot.</summary>
public abstract class LiveNetwork : ComponentBase, IDisposable
{
    private IDisposable? _subscription;

    /// <summary>What it watches.</summary>
    [Inject]
    protected NetworkWatch Watch { get; set; } = null!;

    /// <summary>The latest snapshot; null until the nodes were asked once.</summary>
    protected NetworkSnapshot? Snapshot => Watch.Current;

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the watch.</summary>
    /// <param name="disposing">True.</param>
    protected virtual void Dispose(bool disposing) => _subscription?.Dispose();

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        // Not while a page is only rendered once, to be sent: nobody would look.
        if (firstRender)
        {
            // Elsewhere: whoever takes the snapshots is not to draw everybody's pages.
            _subscription = Watch.Subscribe(() => _ = Task.Run(() => InvokeAsync(StateHasChanged)));
        }
    }
}
