using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Enrolment;

namespace Dske.AppHost.Launch;

/// <summary>The options of the AppHost, as they were given.</summary>
internal sealed record CommandLine
{
    // Options of Aspire itself, each with a value; they are passed on.
    private static readonly string[] AspireOptions =
        ["--operation", "--publisher", "--output-path", "--step", "--environment", "--log-level", "--include-exception-details"];

    public const string Usage =
        """
        Runs a DSKE network on this machine.

        dotnet run --project Dske.AppHost -- [options]

          --topology FILE   the network (default: topology.yaml here, else the one beside the AppHost's folder)
          --data DIR        where nodes keep their state (default: .dske beside the topology file)
          --fresh           forget what the nodes have stored
          --oob MODE        whom hubs give their first random data: token (default; clients with enrolment tokens, made at
                            start), open (whoever asks) or off (nobody: it travels as files, `dske psrd` makes and reads them)
          --tls             https only, with certificates at both ends: of a development CA that is made in the data directory
          --no-console      without the web page beside the network
          --verbose         show what the nodes log at level Information; without it, warnings and errors
          --background FILE leave the terminal once everything is prepared, and write to FILE; `dske start` does this
          --help            this text

        Ctrl+C stops the network.
        """;

    public string? Topology { get; private init; }

    public string? Data { get; private init; }

    public bool Fresh { get; private init; }

    public bool Tls { get; private init; }

    public bool NoConsole { get; private init; }

    public bool Verbose { get; private init; }

    public bool Help { get; private init; }

    /// <summary>The file to write to in the background; null to stay where it was started.</summary>
    public string? Background { get; private init; }

    /// <summary>Whom the hubs serve out of band.</summary>
    public OutOfBandMode OutOfBand { get; private init; } = OutOfBandMode.Token;

    /// <summary>What the host of the AppHost gets.</summary>
    public IReadOnlyList<string> HostArguments { get; private init; } = [];

    /// <summary>Reads the options.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="options">The options, when the result is true.</param>
    /// <param name="problem">What to do instead, when the result is false.</param>
    public static bool TryParse(
        IReadOnlyList<string> args, [NotNullWhen(true)] out CommandLine? options, [NotNullWhen(false)] out string? problem)
    {
        options = null;
        problem = null;
        var parsed = new CommandLine();
        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var argument))
        {
            var (name, value) = argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=') is > 0 and var equals
                ? (argument[..equals], argument[(equals + 1)..])
                : (argument, null);
            string? TakeValue() =>
                value ?? (rest.TryPeek(out var next) && !next.StartsWith("--", StringComparison.Ordinal) ? rest.Dequeue() : null);

            (parsed, problem) = name switch
            {
                "--topology" => TakeValue() is { Length: > 0 } file
                    ? (parsed with { Topology = file }, null)
                    : (parsed, "--topology needs a file: --topology FILE."),
                "--data" => TakeValue() is { Length: > 0 } directory
                    ? (parsed with { Data = directory }, null)
                    : (parsed, "--data needs a directory: --data DIR."),
                "--background" => TakeValue() is { Length: > 0 } log
                    ? (parsed with { Background = log }, null)
                    : (parsed, "--background needs a file: --background FILE."),
                "--oob" => TakeValue() switch
                {
                    "token" => (parsed with { OutOfBand = OutOfBandMode.Token }, null),
                    "open" => (parsed with { OutOfBand = OutOfBandMode.Open }, null),
                    "off" => (parsed with { OutOfBand = OutOfBandMode.Off }, null),
                    _ => (parsed, "--oob is token, open or off."),
                },
                _ when AspireOptions.Contains(name) => Orchestrator.IsAspire
                    ? (parsed with { HostArguments = [.. parsed.HostArguments, name, TakeValue() ?? "true"] }, null)
                    : (parsed, $"{name} is an option of Aspire: run with -p:Orchestrator={Orchestrator.Aspire} before the --."),
                _ when value is not null => (parsed, $"Unknown option {argument}. --help lists them."),
                "--fresh" => (parsed with { Fresh = true }, null),
                "--tls" => (parsed with { Tls = true }, null),
                "--no-console" => (parsed with { NoConsole = true }, null),
                "--verbose" => (parsed with { Verbose = true }, null),
                "--help" or "-h" or "-?" => (parsed with { Help = true }, null),
                _ => (parsed, $"Unknown option {argument}. --help lists them."),
            };
            if (problem is not null)
            {
                return false;
            }
        }

        options = parsed;
        return true;
    }
}
