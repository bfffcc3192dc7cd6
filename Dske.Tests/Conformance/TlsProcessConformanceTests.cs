using Dske.Tests.Distributed;

namespace Dske.Tests.Conformance;

/// <summary>The conformance suite against the running network: real processes, over mutual TLS.</summary>
[Collection(TlsNetwork.Collection)]
[Trait("Tier", "Distributed")]
public sealed class TlsProcessConformanceTests(TlsProcessKeyDelivery network) : KeyDeliveryConformance(network), IClassFixture<TlsProcessKeyDelivery>;
