using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dske.Cli.Terminals;

/// <summary>
/// The standard output, which carries results alone so that it can go into a pipe or a file, and the standard error, which carries progress and
/// problems. Colour and moving parts are for terminals; <c>NO_COLOR</c> is heeded.
/// </summary>
internal sealed class Terminal
{
    /// <summary>Lines that go into a file are not folded to any terminal's width.</summary>
    private const int WidthOfFiles = 400;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Stream _output;

    /// <summary>Makes a terminal. Both streams are written at once, not when they are closed.</summary>
    /// <param name="output">The standard output.</param>
    /// <param name="error">The standard error.</param>
    /// <param name="outputIsTerminal">Whether somebody looks at the standard output.</param>
    /// <param name="errorIsTerminal">Whether somebody looks at the standard error.</param>
    /// <param name="hasColour">Whether colour is wanted where somebody looks.</param>
    public Terminal(Stream output, Stream error, bool outputIsTerminal = false, bool errorIsTerminal = false, bool hasColour = false)
    {
        _output = output;
        OutputWriter = TextWriter.Synchronized(new StreamWriter(output, Utf8) { AutoFlush = true });
        ErrorWriter = TextWriter.Synchronized(new StreamWriter(error, Utf8) { AutoFlush = true });
        (OutputIsTerminal, ErrorIsTerminal) = (outputIsTerminal, errorIsTerminal);
        Output = Create(OutputWriter, outputIsTerminal, hasColour);
        Error = Create(ErrorWriter, errorIsTerminal, hasColour);
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
        System.Console.OpenStandardOutput(),
        System.Console.OpenStandardError(),
        !System.Console.IsOutputRedirected,
        !System.Console.IsErrorRedirected,
        hasColour: string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    /// <summary>Writes a line of results, as it is.</summary>
    /// <param name="text">The line.</param>
    public void WriteLine(string text = "") => OutputWriter.WriteLine(text);

    /// <summary>Writes a result for programs: one line of JSON.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="value">The result.</param>
    /// <param name="contract">How it is written.</param>
    public void WriteJson<T>(T value, JsonTypeInfo<T> contract)
    {
        // SAE IDs are text of any language: they are shown as they are, not as \u escapes.
        using (var json = new Utf8JsonWriter(_output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonSerializer.Serialize(json, value, contract);
        }

        WriteLine();
    }

    /// <summary>Writes a table or the like.</summary>
    /// <param name="result">What to write.</param>
    public void Write(IRenderable result)
    {
        if (OutputIsTerminal)
        {
            Output.Write(result);
            return;
        }

        // Columns are filled up with blanks, the last one too: no use in a file.
        using var text = new StringWriter();
        Create(text, isTerminal: false, hasColour: false).Write(result);
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
        {
            WriteLine(line.TrimEnd());
        }
    }

    /// <summary>Writes keys, which do not become text in memory that is not ours.</summary>
    /// <param name="utf8">What to write; it stays the caller's.</param>
    public void WriteSecret(ReadOnlySpan<byte> utf8)
    {
        _output.Write(utf8);
        _output.Flush();
    }

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
