using Dske.Certificates;
using Dske.Tests.Distributed;

namespace Dske.Tests.Conformance;

/// <summary>The KMEs of topology.yaml as real processes, over mutual TLS, with certificates of the network's own authority.</summary>
/// <param name="network">The processes; they stay the fixture's.</param>
public sealed class TlsProcessKeyDelivery(TlsNetwork network) : KeyDeliveryNetwork
{
    private CertificateAuthority? _authority;

    public override string KmeOf(string sae) => ProcessKeyDelivery.KmeOfProcess(sae);

    public override async ValueTask InitializeAsync()
    {
        await network.WaitUntilLinkedAsync(TestContext.Current.CancellationToken);
        Assert.True(CertificateAuthority.TryLoad(network.PathOf("ca.pem"), network.PathOf("ca.key"), TimeProvider.System, out _authority, out var problem), problem);
        await WaitUntilSettledAsync("sam");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _authority?.Dispose();
    }

    protected override HttpClient CreateClient(string? sae, string kme)
    {
        if (sae is null)
        {
            return network.Connect(kme, "operator");
        }

        // The handler keeps what it needs of the certificate for as long as it lives, which is as long as the process.
        var issued = _authority!.IssueSae(sae);
        return new HttpClient(MutualTls.CreateHandler(issued.Certificate, [_authority.Certificate])) { BaseAddress = network.Application.GetEndpoint(kme) };
    }
}
