using Dske.Protocol.Enrolment;

namespace Dske.Cli.Network;

/// <summary>How a network is brought up.</summary>
internal sealed record LaunchSettings
{
    /// <summary>The AppHost that was named; null to look for it.</summary>
    public string? AppHost { get; init; }

    /// <summary>Https only.</summary>
    public bool Tls { get; init; }

    /// <summary>Whom hubs give their first random data; null leaves it to the AppHost.</summary>
    public OutOfBandMode? OutOfBand { get; init; }

    /// <summary>Without the web page.</summary>
    public bool NoConsole { get; init; }

    /// <summary>Forget what the nodes have stored.</summary>
    public bool Fresh { get; init; }

    /// <summary>Nodes log at level Information.</summary>
    public bool Verbose { get; init; }

    /// <summary>The arguments of the AppHost.</summary>
    /// <param name="files">The files of the network.</param>
    public IEnumerable<string> ToArguments(NetworkFiles files)
    {
        yield return "--topology";
        yield return files.TopologyFile;
        yield return "--data";
        yield return files.DataDirectory;
        yield return "--background";
        yield return files.LogFile;
        if (OutOfBand is { } mode)
        {
            yield return "--oob";
            yield return mode.ToString().ToLowerInvariant();
        }

        foreach (var (isSet, option) in (IEnumerable<(bool, string)>)[(Tls, "--tls"), (NoConsole, "--no-console"), (Fresh, "--fresh"), (Verbose, "--verbose")])
        {
            if (isSet)
            {
                yield return option;
            }
        }
    }
}
