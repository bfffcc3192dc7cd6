using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology;

namespace Dske.Benchmarks.Load;

/// <summary>Finds KMEs in a topology by the SAEs that they serve.</summary>
internal sealed class RouteFinder(NetworkTopology topology)
{
    private readonly PortPlan _ports = PortPlan.For(topology);

    /// <summary>Finds the KMEs of two SAEs.</summary>
    /// <param name="master">The SAE that asks for fresh keys.</param>
    /// <param name="slave">The SAE that asks for the same.</param>
    /// <param name="route">The route, when the result is true.</param>
    /// <param name="problem">Who is not there, when the result is false.</param>
    public bool TryFind(SaeId master, SaeId slave, [NotNullWhen(true)] out KeyRoute? route, [NotNullWhen(false)] out string? problem)
    {
        var (masterKme, slaveKme) = (FindKme(master), FindKme(slave));
        route = masterKme is null || slaveKme is null ? null : new KeyRoute(master, masterKme, slave, slaveKme);
        problem = route is null ? $"No client of the topology has an encryptor '{(masterKme is null ? master : slave)}'." : null;
        return route is not null;
    }

    private Uri? FindKme(SaeId sae)
    {
        // A client's own name is an SAE ID of it, too.
        var client = topology.Clients.FirstOrDefault(
            client => client.Name.Value == sae.Value || client.Encryptors.Any(encryptor => encryptor.SaeId == sae));
        return client switch
        {
            null => null,
            { Url: { } url } => new Uri($"{url.AbsoluteUri.TrimEnd('/')}/etsi"),
            _ => new Uri($"http://localhost:{_ports.PortOf(client.Name)}/client/{client.Name}/etsi"),
        };
    }
}
