using Dske.Protocol.Topology;

namespace Dske.Tests.Unit.Topology;

/// <summary>Key sinks in a topology: what is read, and each problem with its place.</summary>
[Trait("Tier", "Unit")]
public sealed class TopologySinkTests
{
    // Line numbers in the tests below count from here.
    private const string Good = """
        hubs: [{name: hank}, {name: helen}, {name: hilary}]
        clients:
          - name: carol
            encryptors:
              - name: sam
                sinks:
                  - name: wg0
                    peer: Sofia 1
                    interval: 120
                    command: [/usr/bin/wg, set, wg0, peer, "K3y=", preshared-key, /dev/stdin]
                    timeout: 30
                  - {name: psk, peer: Sofia 1, size: 512, encoding: raw, file: /run/dske/sam.key}
          - name: conny
            encryptors:
              - name: sofia
                sae_id: Sofia 1
                sinks:
                  - {name: wg0, peer: sam, command: [/opt/take]}
                  - {name: psk, peer: sam, size: 512, encoding: hex, interval: 86400, file: /run/dske/sofia.key}
          - name: celia
            url: http://198.51.100.8:8105/client/celia
            encryptors:
              - name: serena
        """;

    public static TheoryData<string, string, string> Changes => new()
    {
        { "timeout: 30", "time_out: 30", "(11,13): unknown key 'time_out'; did you mean 'timeout'?" },
        { "- name: wg0\n            peer", "- wg0\n          - name: x\n            peer", "(7,13): a key sink such as {name: wg0, peer: sofia, interval: 120, file: /run/dske/wg0} belongs here, not a single value" },
        { "- name: wg0\n            peer", "- peer", "(7,13): this key sink has no 'name'" },
        { "- name: wg0\n", "- name: WG 0\n", "(7,19): 'WG 0' is no name for a key sink: 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'" },
        { "            peer: Sofia 1\n", "", "(7,13): this key sink has no 'peer'" },
        { "            peer: Sofia 1\n", "            peer: ' '\n", "(8,19): 'peer' must be the SAE ID of an encryptor, not ' '" },
        { "interval: 120", "interval: 0", "(9,23): 'interval' must be a whole number from 1 to 2592000 seconds, not '0'" },
        { "interval: 120", "interval: 2m", "(9,23): 'interval' must be a whole number from 1 to 2592000 seconds, not '2m'" },
        { "interval: 86400", "interval: 2592001", "(19,72): 'interval' must be a whole number from 1 to 2592000 seconds, not '2592001'" },
        { "timeout: 30", "timeout: 301", "(11,22): 'timeout' must be a whole number from 1 to 300 seconds, not '301'" },
        { "encoding: hex", "timeout: 30", "(19,56): 'timeout' is for a sink with a 'command'" },
        { "encoding: hex", "encoding: Hex", "(19,57): 'encoding' must be base64, hex or raw, not 'Hex'" },
        { "timeout: 30", "file: /run/x", "(7,13): a key sink has a 'file' that is written or a 'command' that is run, one of them" },
        { ", file: /run/dske/sofia.key", "", "(19,13): a key sink has a 'file' that is written or a 'command' that is run, one of them" },
        { "file: /run/dske/sofia.key", "file: sofia.key", "(19,85): 'file' must be an absolute path, not 'sofia.key'" },
        { "file: /run/dske/sofia.key", "file: /run/dske/", "(19,85): 'file' must be an absolute path, not '/run/dske/'" },
        { "file: /run/dske/sofia.key", "file: /run/dske/sam.key", "(19,85): the file '/run/dske/sam.key' is written by the key sink on line 12, by this name or one that ends in '.new'" },
        { "file: /run/dske/sofia.key", "file: /run/dske/x/../sam.key.new", "(19,85): the file '/run/dske/x/../sam.key.new' is written by the key sink on line 12, by this name or one that ends in '.new'" },
        { "[/opt/take]", "take", "(18,45): 'command' must be a list, not a single value" },
        { "[/opt/take]", "[]", "(18,45): 'command' must list a program and its arguments, such as [/usr/bin/wg, set, wg0]" },
        { "[/opt/take]", "[take]", "(18,46): the program of 'command' must be an absolute path, not 'take'" },
        { "[/opt/take]", "[/opt/take, [x]]", "(18,57): a word of 'command' must be text without U+0000" },
        { "[/opt/take]", "[/opt/take, \"\\0\"]", "(18,57): a word of 'command' must be text without U+0000" },

        // Between the two ends.
        { "          - {name: wg0, peer: sam, command: [/opt/take]}\n", "", "(7,13): the key sink 'wg0' has no other end: 'Sofia 1' needs one of that name with the 'peer' 'sam'" },
        { "interval: 120\n", "interval:\n", "(7,13): the key sink 'wg0' has an 'interval' neither here nor at its other end on line 18: nobody would establish its keys" },
        { "size: 512, encoding: hex", "size: 256, encoding: hex", "(19,13): the 'size' of the key sink 'psk' is 256 bits, and 512 at its other end on line 12" },
        { "size: 512, encoding: hex", "size: 516, encoding: hex", "(19,42): 'size' must be a multiple of 8 bits, not '516'" },
        { "- {name: psk, peer: sam,", "- {name: wg0, peer: sam,", "(19,20): the key sink 'wg0' with 'sam' is already given on line 18" },
        { "      - name: serena", "      - name: serena\n        sinks: [{name: a, peer: sam, file: /a}]", "(24,16): 'sinks' are for an encryptor that runs here; whoever runs this one configures them" },
    };

    [Fact]
    public void Sinks_are_read()
    {
        var topology = TopologyFileTests.Parse(Good);

        var (sam, sofia) = (topology.Clients[0].Encryptors[0], topology.Clients[1].Encryptors[0]);
        Assert.Equal(["wg0", "psk"], sam.Sinks.Select(static sink => sink.Name.Value));
        Assert.All(sam.Sinks, static sink => Assert.Equal("Sofia 1", sink.Peer.Value));
        Assert.Equal(("/usr/bin/wg", 120, 256, null, 30), (sam.Sinks[0].Path, sam.Sinks[0].IntervalSeconds, sam.Sinks[0].SizeBits, sam.Sinks[0].Encoding, sam.Sinks[0].TimeoutSeconds));
        Assert.Equal(["set", "wg0", "peer", "K3y=", "preshared-key", "/dev/stdin"], sam.Sinks[0].Arguments);
        Assert.Equal(("/run/dske/sam.key", null, 512, "raw"), (sam.Sinks[1].Path, sam.Sinks[1].IntervalSeconds, sam.Sinks[1].SizeBits, sam.Sinks[1].Encoding));
        Assert.Null(sam.Sinks[1].Arguments);
        Assert.Equal(("/opt/take", 0), (sofia.Sinks[0].Path, sofia.Sinks[0].Arguments!.Count));
        Assert.Equal((86400, "hex"), (sofia.Sinks[1].IntervalSeconds, sofia.Sinks[1].Encoding));
        Assert.Empty(topology.Clients[2].Encryptors[0].Sinks);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Each_problem_is_reported_with_its_place(string part, string changed, string found)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);

        Assert.Equal(found.Split('|'), ProblemsOf(Good.Replace(part, changed, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("peer: sam", "the 'peer' of a key sink is another encryptor")]
    [InlineData("peer: nobody", "the 'peer' 'nobody' is no encryptor that runs here, by its SAE ID")]
    [InlineData("peer: serena", "the 'peer' 'serena' is no encryptor that runs here, by its SAE ID")]
    public void A_peer_is_another_encryptor_that_runs_here(string peer, string problem)
    {
        var line = "  - {name: more, " + peer + ", interval: 1, file: /run/more}";

        Assert.Equal([$"(7,32): {problem}"], ProblemsOf(Good.Replace("        sinks:\n          - name: wg0\n", $"        sinks:\n        {line}\n          - name: wg0\n", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> ProblemsOf(string text)
    {
        Assert.False(TopologyFile.TryParse(text, "t", out _, out var problems));
        return problems.Select(static problem => problem.ToString()[1..]);
    }
}
