using Spectre.Console;

namespace Dske.Cli.Terminals;

/// <summary>
/// The standard output, which carries results alone so that it can go into a pipe or a file, and the standard error, which carries progress and
/// problems. Colour and moving parts are for terminals; <c>NO_COLOR</c> is heeded.
/// </summary>
internal sealed class Terminal
{
    /// <summary>Lines that go into a file are not folded to any terminal's width.</summary>
    private const int WidthOfFiles = 400;

    /// <summary>Makes a terminal.</summary>
    /// <param name="output">The standard output.</param>
    /// <param name="error">The standard error.</param>
    /// <param name="outputIsTerminal">Whether somebody looks at the standard output.</param>
    /// <param name="errorIsTerminal">Whether somebody looks at the standard error.</param>
    /// <param name="hasColour">Whether colour is wanted where somebody looks.</param>
    public Terminal(TextWriter output, TextWriter error, bool outputIsTerminal = false, bool errorIsTerminal = false, bool hasColour = false)
    {
        (OutputWriter, ErrorWriter) = (output, error);
        (OutputIsTerminal, ErrorIsTerminal) = (outputIsTerminal, errorIsTerminal);
        Output = Create(output, outputIsTerminal, hasColour);
        Error = Create(error, errorIsTerminal, hasColour);
    }

    /// <summary>The standard output, for tables.</summary>
    public IAnsiConsole Output { get; }

    /// <summary>The standard error, for progress.</summary>
    public IAnsiConsole Error { get; }

    /// <summary>The standard output, for text that is written as it is.</summary>
    public TextWriter OutputWriter { get; }

    /// <summary>The standard error, likewise.</summary>
    public TextWriter ErrorWriter { get; }

    /// <summary>Whether somebody looks at the standard output.</summary>
    public bool OutputIsTerminal { get; }

    /// <summary>Whether somebody looks at the standard error.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfThisProcess() => new(
        System.Console.Out,
        System.Console.Error,
        !System.Console.IsOutputRedirected,
        !System.Console.IsErrorRedirected,
        hasColour: string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    /// <summary>Writes a line of results, as it is.</summary>
    /// <param name="text">The line.</param>
    public void WriteLine(string text) => OutputWriter.WriteLine(text);

    /// <summary>Writes what went wrong: <c>dske: …</c> on the standard error.</summary>
    /// <param name="message">One line.</param>
    public void WriteProblem(string message)
    {
        if (ErrorIsTerminal)
        {
            Error.Write(new Text("dske: ", new Style(Color.Red)));
            ErrorWriter.WriteLine(message);
        }
        else
        {
            ErrorWriter.WriteLine("dske: " + message);
        }
    }

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal, bool hasColour)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && hasColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = WidthOfFiles;
        }

        return console;
    }
}
