using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology;

namespace Dske.Tests.Unit.Topology;

[Trait("Tier", "Unit")]
public sealed class NetworkShapeTests
{
    [Fact]
    public void The_hash_is_over_the_documented_encoding()
    {
        // Computed by another program from the description of the encoding.
        Assert.Equal("d856e7a495d57788516e27067645177f43de0383b1daf88ebcd9c53274881ded", Shape(3, "hank", "helen", "hilary", "holly", "hugo").ComputeHash());
    }

    [Fact]
    public void Hubs_order_and_threshold_all_count()
    {
        string[] hashes =
        [
            Shape(2, "a", "b", "c").ComputeHash(),
            Shape(3, "a", "b", "c").ComputeHash(),
            Shape(2, "b", "a", "c").ComputeHash(),
            Shape(2, "a", "b").ComputeHash(),
            Shape(2, "a", "bc").ComputeHash(),
            Shape(2, "ab", "c").ComputeHash(),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void Shapes_are_equal_when_they_describe_the_same_network()
    {
        Assert.Equal(Shape(2, "a", "b"), Shape(2, "a", "b"));
        Assert.Equal(Shape(2, "a", "b").GetHashCode(), Shape(2, "a", "b").GetHashCode());
        Assert.NotEqual(Shape(2, "a", "b"), Shape(2, "b", "a"));
        Assert.NotEqual(Shape(2, "a", "b", "c"), Shape(3, "a", "b", "c"));
    }

    [Fact]
    public void A_topology_has_the_shape_of_its_hubs_and_threshold()
    {
        var topology = TopologyFileTests.Parse("{hubs: [{name: a}, {name: b, url: 'http://b/'}], clients: [{name: c}], threshold: 2}");

        Assert.Equal(Shape(2, "a", "b"), topology.GetShape());
    }

    [Fact]
    public void A_later_change_of_the_list_does_not_change_the_shape()
    {
        var names = new List<NodeName> { NodeName.Parse("a"), NodeName.Parse("b") };
        var shape = new NetworkShape(names, 2);
        names.Reverse();

        Assert.Equal(Shape(2, "a", "b"), shape);
    }

    [Fact]
    public void Impossible_networks_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new NetworkShape(null!, 2));
        Assert.Throws<ArgumentException>(() => Shape(2, "a"));
        Assert.Throws<ArgumentException>(() => Shape(2, [.. Enumerable.Range(0, 17).Select(i => $"h{i}")]));
        Assert.Throws<ArgumentException>(() => Shape(2, "a", "a"));
        Assert.Throws<ArgumentException>(() => new NetworkShape([default, NodeName.Parse("a")], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape(1, "a", "b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape(3, "a", "b"));
    }

    private static NetworkShape Shape(int threshold, params string[] hubs) => new([.. hubs.Select(NodeName.Parse)], threshold);
}
