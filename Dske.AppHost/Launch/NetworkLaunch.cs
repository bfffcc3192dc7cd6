using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology;

namespace Dske.AppHost.Launch;

/// <summary>What is to be run, and how: the command line and the topology file that it names, both in order.</summary>
internal sealed class NetworkLaunch
{
    private const string TopologyFileName = "topology.yaml";

    private NetworkLaunch(CommandLine options, string topologyFile, NetworkTopology topology)
    {
        TopologyFile = topologyFile;
        Topology = topology;
        Ports = PortPlan.For(topology);
        DataDirectory = Path.GetFullPath(options.Data ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(topologyFile))!, ".dske"));
        OutOfBand = options.OutOfBand;
        Enrolment = new EnrolmentFiles(DataDirectory);
        Operator = new OperatorFile(DataDirectory);
        Certificates = options.Tls ? new CertificateFiles(DataDirectory) : null;
        HasConsole = !options.NoConsole;
        IsFresh = options.Fresh;
        IsVerbose = options.Verbose;
        BackgroundLog = options.Background is { } log ? Path.GetFullPath(log) : null;
        HostArguments = [.. options.HostArguments];
    }

    /// <summary>The network.</summary>
    public NetworkTopology Topology { get; }

    /// <summary>The file that describes it, as it was named.</summary>
    public string TopologyFile { get; }

    /// <summary>Where its nodes listen.</summary>
    public PortPlan Ports { get; }

    /// <summary>Where its nodes keep their state, as a full path.</summary>
    public string DataDirectory { get; }

    /// <summary>Whom its hubs serve out of band.</summary>
    public OutOfBandMode OutOfBand { get; }

    /// <summary>Where the keys and tokens of enrolment are.</summary>
    public EnrolmentFiles Enrolment { get; }

    /// <summary>Where the operator's token is.</summary>
    public OperatorFile Operator { get; }

    /// <summary>Where the certificates are; null for a network without TLS.</summary>
    public CertificateFiles? Certificates { get; }

    /// <summary>The scheme of all its URLs, which is also the name of its nodes' endpoints.</summary>
    public string Scheme => Certificates is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

    /// <summary>Whether the console comes up beside the network.</summary>
    public bool HasConsole { get; }

    /// <summary>Whether what is stored there is to be forgotten.</summary>
    public bool IsFresh { get; }

    /// <summary>Whether nodes are to log at level Information.</summary>
    public bool IsVerbose { get; }

    /// <summary>The file to write to in the background, as a full path; null to stay where it was started.</summary>
    public string? BackgroundLog { get; }

    /// <summary>Arguments for the host of the AppHost.</summary>
    public string[] HostArguments { get; }

    /// <summary>The URL by which nodes find a node that runs here.</summary>
    public string UrlOf(NodeName node) => $"{Scheme}://{node}";

    /// <summary>Reads the command line and the topology. What is wrong, or the help that was asked for, is printed.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="launch">What to run, when the result is true.</param>
    /// <param name="exitCode">What to exit with, when the result is false.</param>
    /// <returns>Whether there is something to run.</returns>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out NetworkLaunch? launch, out int exitCode)
    {
        launch = null;
        exitCode = 1;
        if (!CommandLine.TryParse(args, out var options, out var problem))
        {
            Console.Error.WriteLine(problem);
            return false;
        }

        if (options.Help)
        {
            exitCode = 0;
            Console.WriteLine(CommandLine.Usage);
            return false;
        }

        var file = options.Topology ?? FindTopologyFile();
        if (!Protocol.Topology.TopologyFile.TryLoad(file, out var topology, out var problems))
        {
            foreach (var found in problems)
            {
                Console.Error.WriteLine(found);
            }

            return false;
        }

        launch = new NetworkLaunch(options, file, topology);
        return true;
    }

    private static string FindTopologyFile() => File.Exists(TopologyFileName)
        ? TopologyFileName
        : Path.GetFullPath(Path.Combine(Projects.Dske_AppHost.ProjectPath, "..", TopologyFileName));
}
