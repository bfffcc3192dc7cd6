namespace Dske.Tests.Conformance;

/// <summary>The conformance suite against KMEs in this process, over plain HTTP.</summary>
[Collection(LoopbackCollection.Name)]
[Trait("Tier", "Network")]
public sealed class LoopbackConformanceTests(LoopbackKeyDelivery network) : KeyDeliveryConformance(network);
