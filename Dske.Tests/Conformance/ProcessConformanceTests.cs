using Dske.Tests.Distributed;

namespace Dske.Tests.Conformance;

/// <summary>The conformance suite against the running network: real processes, over plain HTTP.</summary>
[Collection(NetworkFixture.Collection)]
[Trait("Tier", "Distributed")]
public sealed class ProcessConformanceTests(ProcessKeyDelivery network) : KeyDeliveryConformance(network), IClassFixture<ProcessKeyDelivery>;
