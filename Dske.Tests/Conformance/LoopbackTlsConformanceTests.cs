namespace Dske.Tests.Conformance;

/// <summary>The conformance suite against KMEs in this process, over mutual TLS.</summary>
[Trait("Tier", "Network")]
public sealed class LoopbackTlsConformanceTests(LoopbackTlsKeyDelivery network) : KeyDeliveryConformance(network), IClassFixture<LoopbackTlsKeyDelivery>;
