namespace Dske.Tests.Conformance;

/// <summary>One network in this process for all that is asked of it.</summary>
[CollectionDefinition(Name)]
public sealed class SharedLoopback : ICollectionFixture<LoopbackKeyDelivery>
{
    public const string Name = "Key delivery on loopback";
}
