using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dske.Console.Layout;

/// <summary>Moves the focus as far as there is something to move it to.</summary>
internal static class FocusExtensions
{
    /// <summary>Gives an element the focus; nothing happens when it, or the page, is gone meanwhile.</summary>
    /// <param name="element">The element.</param>
    public static async Task TryFocusAsync(this ElementReference element)
    {
        try
        {
            await element.FocusAsync(preventScroll: true);
        }
        catch (Exception e) when (e is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // A row that was scrolled away, a page that was closed: nobody waits for it.
        }
    }
}
