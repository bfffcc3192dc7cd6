using Dske.Protocol.Messages;
using Dske.Protocol.Topology;

namespace Dske.Tests.Unit.Topology;

[Trait("Tier", "Unit")]
public sealed class TopologyFileTests
{
    [Fact]
    public void The_topology_at_the_root_is_the_well_known_network()
    {
        var topology = Load(Path.Combine(AppContext.BaseDirectory, "topology.yaml"));

        Assert.Equal(["hank", "helen", "hilary", "holly", "hugo"], topology.Hubs.Select(hub => hub.Name.Value));
        Assert.All(topology.Hubs, hub => Assert.True(hub is { RunsHere: true, Url: null, Dialect: null }));
        Assert.Equal(
            ["carol: sam", "celia: serena", "cindy: ", "conny: sofia", "curtis: sunny, susan"],
            topology.Clients.Select(client => $"{client.Name}: {string.Join(", ", client.Encryptors.Select(encryptor => encryptor.Name))}"));
        Assert.All(topology.Clients, client => Assert.True(client.RunsHere));
        Assert.All(topology.Clients.SelectMany(client => client.Encryptors), encryptor => Assert.Equal(encryptor.Name.Value, encryptor.SaeId.Value));
        Assert.Equal((3, 8100, new PsrdSettings()), (topology.Threshold, topology.BasePort, topology.Psrd));
    }

    [Fact]
    public void Everything_that_can_be_set_is_read()
    {
        var topology = Parse("""
            %YAML 1.2
            ---
            base_port: 9000
            threshold: 2
            psrd: {block_size: 4096, refill_below: 16384, refill_to: 32768}
            hubs:
              - {name: hank, url: "https://198.51.100.7:8100/hub/hank", dialect: guide}
              - name: helen
                url: http://198.51.100.7:8101/hub/helen
                dialect: reference
              - name: 4hilary
                url: http://hilary/
              - name: holly-2
            clients:
              - name: carol
                encryptors:
                  - name: sam
                    sae_id: "C=CH, O=Zürich, CN=sam #1"
                  - {name: sue, sae_id: carol}
              - name: celia
                url: 'http://198.51.100.8:8105/client/celia'
                encryptors: [{name: 1serena}]
              - name: cindy
                encryptors:
            ...
            """);

        Assert.Equal(
            [
                ("hank", "https://198.51.100.7:8100/hub/hank", Dialect.Guide, false),
                ("helen", "http://198.51.100.7:8101/hub/helen", Dialect.Reference, false),
                ("4hilary", "http://hilary/", null, false),
                ("holly-2", null, null, true),
            ],
            topology.Hubs.Select(hub => (hub.Name.Value, hub.Url?.ToString(), hub.Dialect, hub.RunsHere)));
        Assert.Equal(
            [("carol", null, true), ("celia", "http://198.51.100.8:8105/client/celia", false), ("cindy", null, true)],
            topology.Clients.Select(client => (client.Name.Value, client.Url?.ToString(), client.RunsHere)));
        Assert.Equal(
            [("carol", "sam", "C=CH, O=Zürich, CN=sam #1"), ("carol", "sue", "carol"), ("celia", "1serena", "1serena")],
            topology.Clients.SelectMany(client => client.Encryptors.Select(e => (client.Name.Value, e.Name.Value, e.SaeId.Value))));
        Assert.Equal(
            (2, 9000, new PsrdSettings { BlockSize = 4096, RefillBelow = 16384, RefillTo = 32768 }),
            (topology.Threshold, topology.BasePort, topology.Psrd));
    }

    [Fact]
    public void A_file_without_extras_gets_the_defaults()
    {
        var topology = Parse("{hubs: [{name: a}, {name: b}, {name: c}], clients: [{name: d}], threshold: , psrd: ~}");

        Assert.Equal((3, 8100, new PsrdSettings()), (topology.Threshold, topology.BasePort, topology.Psrd));
        Assert.Equal((262_144, 65_536, 262_144), (topology.Psrd.BlockSize, topology.Psrd.RefillBelow, topology.Psrd.RefillTo));
        Assert.Empty(Assert.Single(topology.Clients).Encryptors);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_are_no_problem()
    {
        using var file = new TemporaryFile([0xEF, 0xBB, 0xBF, .. "hubs: [{name: a}, {name: b}]\r\nclients:\r\n- name: d\r\nthreshold: 2\r\n"u8]);

        Assert.Equal("d", Load(file.Path).Clients[0].Name.Value);
    }

    [Fact]
    public void The_greatest_network_has_sixteen_hubs()
    {
        var topology = Parse($"{{hubs: [{string.Join(", ", Enumerable.Range(0, 16).Select(i => $"{{name: h{i}}}"))}], clients: [{{name: c}}], threshold: 16}}");

        Assert.Equal((16, 16), (topology.Hubs.Count, topology.Threshold));
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_problem()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "no-such-topology.yaml");

        Assert.False(TopologyFile.TryLoad(path, out var topology, out var problems));
        Assert.Null(topology);
        Assert.StartsWith($"{path}: the file cannot be read: ", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_a_problem()
    {
        Assert.False(TopologyFile.TryLoad(AppContext.BaseDirectory, out _, out var problems));
        Assert.StartsWith("the file cannot be read: ", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_text_is_a_problem()
    {
        using var file = new TemporaryFile([0x68, 0xFF, 0xFE]);

        Assert.False(TopologyFile.TryLoad(file.Path, out _, out var problems));
        Assert.Equal($"{file.Path}: the file is not UTF-8 text", Assert.Single(problems).ToString());
    }

    [Fact]
    public void A_file_that_is_too_long_is_a_problem()
    {
        using var file = new TemporaryFile(new byte[TopologyFile.MaxLength + 1]);

        Assert.False(TopologyFile.TryLoad(file.Path, out _, out var problems));
        Assert.Equal("the file is longer than 262144 bytes", Assert.Single(problems).Message);
        Assert.False(TopologyFile.TryParse(new string(' ', TopologyFile.MaxLength + 1), "t", out _, out problems));
        Assert.Equal("t: the file is longer than 262144 bytes", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Misuse_throws()
    {
        Assert.Throws<ArgumentNullException>(() => TopologyFile.TryLoad(null!, out _, out _));
        Assert.Throws<ArgumentException>(() => TopologyFile.TryLoad(" ", out _, out _));
        Assert.Throws<ArgumentNullException>(() => TopologyFile.TryParse(null!, "t", out _, out _));
        Assert.Throws<ArgumentNullException>(() => TopologyFile.TryParse("", null!, out _, out _));
    }

    internal static NetworkTopology Parse(string text)
    {
        Assert.True(TopologyFile.TryParse(text, "topology.yaml", out var topology, out var problems), string.Join('\n', problems));
        Assert.Empty(problems);
        return topology;
    }

    private static NetworkTopology Load(string path)
    {
        Assert.True(TopologyFile.TryLoad(path, out var topology, out var problems), string.Join('\n', problems));
        Assert.Empty(problems);
        return topology;
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(byte[] content) => File.WriteAllBytes(Path, content);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
