using System.Globalization;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.AppHost.Nodes;

/// <summary>What AppHost.cs says of nodes more than once or at some length.</summary>
internal static class NodeResourceExtensions
{
    // By its full name: orchestrators set LOGGING__CONSOLE__FORMATTERNAME, and a rule for CONSOLE is none for the provider Console.
    private const string ConsoleLogLevel = "Logging__Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider__LogLevel__";

    /// <summary>Makes a project a node: it listens on its port of the plan, keeps state in a directory of its own and logs little.</summary>
    public static IResourceBuilder<ProjectResource> AsNode(
        this IResourceBuilder<ProjectResource> project, NetworkLaunch launch, NodeName name, NodeKind kind)
    {
        // A node listens on the very port of the plan, with no proxy before it. Aspire leaves such ports alone in tests, where many
        // networks run side by side: there, and only there, a proxy lets it choose another one.
        var configuration = project.ApplicationBuilder.Configuration;
        var (port, isProxied) = (launch.Ports.PortOf(name), configuration.RandomizesPorts());
        _ = launch.Certificates is null
            ? project.WithHttpEndpoint(port: port, isProxied: isProxied)
            : project.WithHttpsEndpoint(port: port, isProxied: isProxied).WithCertificates(launch.Certificates, name, kind);
        project.WithEnvironment("Dske__Access__OperatorTokenFile", launch.Operator.Path);
        project.ApplicationBuilder.Services.AddSingleton(new NetworkNode(name.Value, kind, project.GetEndpoint(launch.Scheme)));
        return project.WithStorage(launch, name, kind).WithLogLevel(launch);
    }

    /// <summary>Has a project print warnings and errors, or what the command line asks for.</summary>
    public static IResourceBuilder<ProjectResource> WithLogLevel(this IResourceBuilder<ProjectResource> project, NetworkLaunch launch)
    {
        var configured = project.ApplicationBuilder.Configuration["Logging:Console:LogLevel:Default"];
        return project
            .WithEnvironment(ConsoleLogLevel + "Default", configured ?? (launch.IsVerbose ? "Information" : "Warning"))
            // That a node is not healthy yet is what the orchestrator asks it all the time.
            .WithEnvironment(ConsoleLogLevel + "Microsoft.Extensions.Diagnostics.HealthChecks", "None");
    }

    /// <summary>Sets a list of settings, one variable each.</summary>
    public static IResourceBuilder<ProjectResource> WithEnvironmentList(
        this IResourceBuilder<ProjectResource> node, string name, IEnumerable<string> values)
    {
        foreach (var (index, value) in values.Index())
        {
            node.WithEnvironment($"{name}__{index}", value);
        }

        return node;
    }

    /// <summary>Tells a client how much pre-shared random data to keep, in bytes.</summary>
    public static IResourceBuilder<ProjectResource> WithPsrdSettings(this IResourceBuilder<ProjectResource> client, PsrdSettings psrd)
    {
        string blockSize = $"{psrd.BlockSize}", refillBelow = $"{psrd.RefillBelow}", refillTo = $"{psrd.RefillTo}";
        return client
            .WithEnvironment("Dske__Client__Psrd__BlockSize", blockSize)
            .WithEnvironment("Dske__Client__Psrd__RefillBelow", refillBelow)
            .WithEnvironment("Dske__Client__Psrd__RefillTo", refillTo);
    }

    /// <summary>Tells a client its hubs in order. Ours it finds by name, over TLS if the network has it, those run by someone else by URL.</summary>
    public static IResourceBuilder<ProjectResource> WithHubs(
        this IResourceBuilder<ProjectResource> client,
        NetworkLaunch launch,
        IEnumerable<IResourceBuilder<ProjectResource>> ours)
    {
        foreach (var (index, hub) in launch.Topology.Hubs.Index())
        {
            var prefix = $"Dske__Client__Hubs__{index}";
            client.WithEnvironment($"{prefix}__Name", hub.Name.Value);
            if (hub.Url is { } url)
            {
                client.WithEnvironment($"{prefix}__Url", url.OriginalString);
            }
            else if (launch.Certificates is not null)
            {
                client.WithEnvironment($"{prefix}__Url", launch.UrlOf(hub.Name));
            }

            if (launch.OutOfBand == OutOfBandMode.Off && hub.RunsHere)
            {
                client.WithEnvironment($"{prefix}__OutOfBand", "false");
            }

            if (hub.Dialect is { } dialect)
            {
                client.WithEnvironment($"{prefix}__Dialect", dialect.ToString());
            }
        }

        foreach (var hub in ours)
        {
            client.WithReference(hub);
        }

        return client;
    }

    /// <summary>Tells a hub whom it serves out of band, and where its enrolment key is.</summary>
    public static IResourceBuilder<ProjectResource> WithEnrolmentKey(
        this IResourceBuilder<ProjectResource> hub, NetworkLaunch launch, NodeName name)
    {
        hub.WithEnvironment("Dske__Hub__OutOfBand__Mode", launch.OutOfBand.ToString());
        return launch.OutOfBand == OutOfBandMode.Token
            ? hub.WithEnvironment("Dske__Hub__OutOfBand__KeyFile", launch.Enrolment.KeyFileOf(name))
            : hub;
    }

    /// <summary>Tells a client where its enrolment tokens are, one for each hub that runs here. Other hubs' tokens are not ours to make.</summary>
    public static IResourceBuilder<ProjectResource> WithEnrolmentTokens(
        this IResourceBuilder<ProjectResource> client, NetworkLaunch launch, NodeName name)
    {
        foreach (var (index, hub) in launch.Topology.Hubs.Index())
        {
            if (launch.OutOfBand == OutOfBandMode.Token && hub.RunsHere)
            {
                client.WithEnvironment($"Dske__Client__Hubs__{index}__TokenFile", launch.Enrolment.TokenFileOf(name, hub.Name));
            }
        }

        return client;
    }

    /// <summary>Tells an encryptor the others and where they are.</summary>
    public static void WithPeers(
        this IResourceBuilder<ProjectResource> encryptor,
        NetworkLaunch launch,
        IEnumerable<(string SaeId, IResourceBuilder<ProjectResource> Resource)> peers)
    {
        foreach (var (index, peer) in peers.Index())
        {
            var prefix = $"Dske__Encryptor__Peers__{index}";
            encryptor
                .WithReference(peer.Resource)
                .WithEnvironment($"{prefix}__SaeId", peer.SaeId)
                .WithEnvironment($"{prefix}__Url", $"{launch.Scheme}://" + peer.Resource.Resource.Name);
        }
    }

    /// <summary>Tells an encryptor where keys go on each roll-over.</summary>
    public static IResourceBuilder<ProjectResource> WithSinks(this IResourceBuilder<ProjectResource> encryptor, IEnumerable<SinkDefinition> sinks)
    {
        foreach (var (index, sink) in sinks.Index())
        {
            var prefix = $"Dske__Encryptor__Sinks__{index}";
            string size = $"{sink.SizeBits}", kind = sink.Arguments is null ? "File" : "Command";
            encryptor
                .WithEnvironment($"{prefix}__Name", sink.Name.Value)
                .WithEnvironment($"{prefix}__Peer", sink.Peer.Value)
                .WithEnvironment($"{prefix}__Size", size)
                .WithEnvironment($"{prefix}__Kind", kind)
                .WithEnvironment($"{prefix}__Path", sink.Path)
                .WithEnvironmentList($"{prefix}__Arguments", sink.Arguments ?? []);
            if (sink.Encoding is { } encoding)
            {
                encryptor.WithEnvironment($"{prefix}__Encoding", encoding);
            }

            if (sink.IntervalSeconds is { } interval)
            {
                encryptor.WithEnvironment($"{prefix}__Interval", Seconds(interval));
            }

            if (sink.TimeoutSeconds is { } timeout)
            {
                encryptor.WithEnvironment($"{prefix}__Timeout", Seconds(timeout));
            }
        }

        return encryptor;
    }

    /// <summary>Adds the command that establishes a key with a peer.</summary>
    public static void WithKeyCommand(this IResourceBuilder<ProjectResource> encryptor, NetworkLaunch launch, string saeId, string peer)
    {
        var options = new HttpCommandOptions
        {
            Description = $"Runs the whole exchange between {saeId} and {peer}; both prove that they hold the same key.",
            PrepareRequest = context =>
            {
                context.Request.Content = EncryptorApi.KeysRequest(peer);
                return Task.CompletedTask;
            },
        };
        encryptor.WithHttpCommand(
            EncryptorApi.KeysPath(saeId), $"Establish a key with {peer}", launch.Scheme, $"establish-key-with-{peer}", options);
    }

    // As .NET configuration reads it: days.hours:minutes:seconds.
    private static string Seconds(int seconds) => TimeSpan.FromSeconds(seconds).ToString("c", CultureInfo.InvariantCulture);

    /// <summary>Gives a node its certificate. An encryptor calls with another one, which names its SAE.</summary>
    private static IResourceBuilder<ProjectResource> WithCertificates(
        this IResourceBuilder<ProjectResource> project, CertificateFiles certificates, NodeName name, NodeKind kind)
    {
        var own = certificates.OfNode(name);
        project
            .WithEnvironment("Dske__Tls__CertificateFile", own.Certificate)
            .WithEnvironment("Dske__Tls__KeyFile", own.Key)
            .WithEnvironment("Dske__Tls__ClientCaFile", certificates.AuthorityFile);
        if (kind == NodeKind.Encryptor)
        {
            var sae = certificates.OfSae(name);
            project
                .WithEnvironment("Dske__Tls__OutboundCertificateFile", sae.Certificate)
                .WithEnvironment("Dske__Tls__OutboundKeyFile", sae.Key);
        }

        return project;
    }

    /// <summary>
    /// Gives a node a directory for its state, unless the configuration wants everything in memory, and the file of its journal where the
    /// configuration asks for journals. It is read when the node starts: tests change it after this.
    /// </summary>
    private static IResourceBuilder<ProjectResource> WithStorage(
        this IResourceBuilder<ProjectResource> project, NetworkLaunch launch, NodeName name, NodeKind kind)
    {
        var configuration = project.ApplicationBuilder.Configuration;
        return project.WithEnvironment(context =>
        {
            if (configuration.KeepsNothing())
            {
                context.EnvironmentVariables["Dske__Storage__InMemory"] = "true";
            }
            else
            {
                context.EnvironmentVariables["Dske__Storage__Directory"] = Path.Combine(launch.DataDirectory, name.Value);
            }

            if (kind != NodeKind.Encryptor && configuration.JournalDirectory() is { } journals)
            {
                context.EnvironmentVariables["Dske__Storage__JournalFile"] = Path.Combine(journals, name.Value + ".journal");
            }
        });
    }
}
