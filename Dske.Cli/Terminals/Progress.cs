using Spectre.Console;

namespace Dske.Cli.Terminals;

/// <summary>Says on the standard error how far long work is: moving where somebody looks, else a line whenever it has got further.</summary>
internal static class Progress
{
    /// <summary>Does the work.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="terminal">Where to say it.</param>
    /// <param name="beginning">What is said first.</param>
    /// <param name="work">The work; what it is given says how far it is.</param>
    public static async Task<T> ShowAsync<T>(this Terminal terminal, string beginning, Func<Action<string>, Task<T>> work)
    {
        if (terminal is { ErrorIsTerminal: true, Error.Profile.Capabilities.Interactive: true })
        {
            return await terminal.Error.Status().Spinner(Spinner.Known.Dots).StartAsync(
                Markup.Escape(beginning), status => work(text => status.Status(Markup.Escape(text))));
        }

        var last = beginning;
        terminal.ErrorWriter.WriteLine(beginning);
        return await work(text =>
        {
            if (text != last)
            {
                last = text;
                terminal.ErrorWriter.WriteLine(text);
            }
        });
    }
}
