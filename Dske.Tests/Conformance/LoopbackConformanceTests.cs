namespace Dske.Tests.Conformance;

/// <summary>The conformance suite against KMEs in this process, over plain HTTP.</summary>
[Collection(SharedLoopback.Name)]
[Trait("Tier", "Network")]
public sealed class LoopbackConformanceTests(LoopbackKeyDelivery network) : KeyDeliveryConformance(network);
