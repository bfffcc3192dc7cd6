using Dske.Certificates;
using Dske.Tests.Services.Tls;

namespace Dske.Tests.Conformance;

/// <summary>The same KMEs over mutual TLS: who asks is in a certificate, names that a path has to encode too.</summary>
public sealed class LoopbackTlsKeyDelivery : LoopbackKeyDelivery
{
    private readonly CertificateFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override IEnumerable<(string Key, string Value)> MoreSettingsOf(string kme) => _folder.SettingsOf(kme);

    protected override HttpClient CreateClient(string? sae, string kme) => new(MutualTls.CreateHandler(
        sae is null ? _folder.Keep(_folder.Authority.IssueOperator("operator")) : _folder.Sae(sae), _folder.Authorities))
    {
        BaseAddress = UrlOf(kme),
    };
}
