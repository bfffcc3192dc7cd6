using Dske.Protocol.Topology;

namespace Dske.Cli.Network;

/// <summary>The files of one network: the one that describes it, and the directory where it keeps its state.</summary>
/// <param name="context">What the command works with.</param>
/// <param name="topology">The topology file that was named; null for the default.</param>
/// <param name="data">The data directory that was named; null for the default.</param>
internal sealed class NetworkFiles(CommandContext context, string? topology, string? data)
{
    private const string TopologyName = "topology.yaml";
    private const string DataName = ".dske";
    private const string MarkerName = "dske-network.lock";

    /// <summary>The topology file, as a full path. It need not exist.</summary>
    public string TopologyFile { get; } = context.FullPath(topology ?? FindTopology(context));

    /// <summary>The data directory, as a full path. It need not exist.</summary>
    public string DataDirectory => data is null ? Path.Combine(Path.GetDirectoryName(TopologyFile)!, DataName) : context.FullPath(data);

    /// <summary>The file that a network in the background writes to.</summary>
    public string LogFile => Path.Combine(DataDirectory, "network.log");

    /// <summary>The file that says how a running network is controlled.</summary>
    public string ControlFile => Path.Combine(DataDirectory, "control.json");

    /// <summary>The file with the token that its operator shows nodes; there while it runs.</summary>
    public string OperatorTokenFile => Path.Combine(DataDirectory, "operator.token");

    /// <summary>The directory of its certificates; there with TLS only.</summary>
    public string CertificateDirectory => Path.Combine(DataDirectory, "tls");

    /// <summary>Reads the topology.</summary>
    /// <exception cref="CommandFailure">It is no good: all that is wrong with it, a line each.</exception>
    public NetworkTopology LoadTopology() => TryLoadTopology(out var problem) ?? throw new CommandFailure(ExitCode.BadInput, problem);

    /// <summary>Reads the topology.</summary>
    /// <param name="problem">What is wrong with it when the result is null: a line for each problem.</param>
    public NetworkTopology? TryLoadTopology(out string problem)
    {
        var good = Protocol.Topology.TopologyFile.TryLoad(TopologyFile, out var loaded, out var problems);
        problem = string.Join('\n', problems);
        return good ? loaded : null;
    }

    /// <summary>Whether a network uses the data directory now, be it one that starts or stops.</summary>
    public bool IsInUse()
    {
        try
        {
            // The network holds the file for itself; to look takes a share of it for a moment.
            using var marker = new FileStream(Path.Combine(DataDirectory, MarkerName), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // Where the tool is the one of a clone, the network of the clone is meant.
    private static string FindTopology(CommandContext context) =>
        File.Exists(context.FullPath(TopologyName)) ? TopologyName
        : Repository.Find() is { } repository && File.Exists(Path.Combine(repository, TopologyName)) ? Path.Combine(repository, TopologyName)
        : TopologyName;
}
