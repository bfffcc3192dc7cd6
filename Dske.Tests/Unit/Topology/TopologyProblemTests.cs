using Dske.Protocol.Topology;

namespace Dske.Tests.Unit.Topology;

/// <summary>Begins from one good file, changes one thing, and asserts the exact problem with its place.</summary>
[Trait("Tier", "Unit")]
public sealed class TopologyProblemTests
{
    // Line numbers in the tests below count from here.
    private const string Good = """
        hubs:
          - name: hank
          - name: helen
          - name: hilary
        clients:
          - name: carol
            encryptors:
              - name: sam
                sae_id: SAM
          - name: celia
            encryptors:
              - name: serena
        threshold: 3
        base_port: 8100
        psrd:
          block_size: 262144
          refill_below: 65536
          refill_to: 262144
        """;

    public static TheoryData<string, string, string> Changes => new()
    {
        // Keys.
        { "threshold: 3", "treshold: 3", "(13,1): unknown key 'treshold'; did you mean 'threshold'?" },
        { "threshold: 3", "Threshold: 3", "(13,1): unknown key 'Threshold'; did you mean 'threshold'?" },
        { "threshold: 3", "quorum: 3", "(13,1): unknown key 'quorum'; here belong 'hubs', 'clients', 'threshold', 'base_port', 'psrd'" },
        { "threshold: 3", "min_nr_shares: 3", "(13,1): unknown key 'min_nr_shares'; write 'threshold'" },
        { "base_port: 8100", "get_psrd_block_size: 1000", "(14,1): unknown key 'get_psrd_block_size'; write 'block_size' under 'psrd'" },
        { "threshold: 3", "<<: 3", "(13,1): unknown key '<<'; here belong 'hubs', 'clients', 'threshold', 'base_port', 'psrd'" },
        { "  - name: helen", "  - name: helen\n    urls: x", "(4,5): unknown key 'urls'; did you mean 'url'?" },
        { "  - name: helen", "  - {name: helen, encryptors: []}", "(3,19): unknown key 'encryptors'; here belong 'name', 'url', 'dialect'" },
        { "        sae_id: SAM", "        saeid: SAM", "(9,9): unknown key 'saeid'; did you mean 'sae_id'?" },
        { "  - name: celia", "  - name: celia\n    dialect: guide", "(11,5): unknown key 'dialect'; here belong 'name', 'url', 'encryptors'" },
        { "  block_size: 262144", "  blocksize: 262144", "(16,3): unknown key 'blocksize'; did you mean 'block_size'?" },
        { "base_port: 8100", "threshold: 2", "(14,1): the key 'threshold' is already given on line 13" },
        { "  - name: helen", "  - {name: helen, name: heidi}", "(3,19): the key 'name' is already given on line 3" },
        { "base_port: 8100", "[base_port]: 8100", "(14,1): a key must be a single word, not a list" },

        // Structure.
        { Good, "- hubs", "(1,1): a mapping with hubs and clients belongs here, not a list" },
        { Good, "hubs", "(1,1): a mapping with hubs and clients belongs here, not a single value" },
        { Good, "", ": the file is empty; it lists the hubs and clients of a network" },
        { Good, "# nothing\n", ": the file is empty; it lists the hubs and clients of a network" },
        { "  - name: helen", "  - helen", "(3,5): a hub such as {name: hank} belongs here, not a single value" },
        { "  - name: helen", "  -", "(3,4): a hub such as {name: hank} belongs here, not nothing" },
        { "  - name: celia\n    encryptors:\n      - name: serena", "  - [celia]", "(10,5): a client such as {name: carol} belongs here, not a list" },
        { "      - name: serena", "      - serena", "(12,9): an encryptor such as {name: sam} belongs here, not a single value" },
        { "      - name: serena", "      name: serena", "(12,7): 'encryptors' must be a list, not a mapping" },
        { "hubs:\n  - name: hank\n  - name: helen\n  - name: hilary", "hubs: hank", "(1,7): 'hubs' must be a list, not a single value" },
        { "hubs:\n  - name: hank\n  - name: helen\n  - name: hilary", "hubs:", "(1,6): 'hubs' is missing: list 2 to 16 hubs" },
        { "hubs:\n  - name: hank\n  - name: helen\n  - name: hilary\n", "", "(1,1): 'hubs' is missing: list 2 to 16 hubs" },
        { "hubs:\n  - name: hank\n  - name: helen\n  - name: hilary", "hubs: []", "(1,7): 'hubs' must list 2 to 16 hubs, not 0" },
        { "  - name: helen\n  - name: hilary\n", "", "(2,3): 'hubs' must list 2 to 16 hubs, not 1" },

        // Names.
        { "name: helen", "name: Helen", "(3,11): 'Helen' is no name for a node: 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'" },
        { "name: helen", "name: helen-", "(3,11): 'helen-' is no name for a node: 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'" },
        { "name: helen", "name: ''", "(3,11): '' is no name for a node: 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'" },
        { "name: helen", "name: \"a\\nb\"", "(3,11): 'a?b' is no name for a node: 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'" },
        { "name: helen", "name:", "(3,10): this hub has no 'name'" },
        { "name: helen", "name: null", "(3,11): this hub has no 'name'" },
        { "- name: helen", "- {}", "(3,5): this hub has no 'name'" },
        { "name: helen", "name: [helen]", "(3,11): 'name' must be text, not a list" },
        { "- name: carol\n    encryptors", "- encryptors", "(6,5): this client has no 'name'" },
        { "- name: sam\n        sae_id", "- sae_id", "(8,9): this encryptor has no 'name'" },
        { "name: helen", "name: 8", "(3,11): '8' is no name for a node that runs here: it must begin with a letter and have no '--'" },
        { "name: helen", "name: he--len", "(3,11): 'he--len' is no name for a node that runs here: it must begin with a letter and have no '--'" },
        { "name: helen", "name: console", "(3,11): the name 'console' is taken by the console" },
        { "name: helen", "name: hank", "(3,11): the name 'hank' is already taken on line 2" },
        { "name: carol", "name: hank", "(6,11): the name 'hank' is already taken on line 2" },
        { "name: celia", "name: sam", "(10,11): the name 'sam' is already taken on line 8" },
        { "name: serena", "name: sam", "(12,15): the name 'sam' is already taken on line 8" },

        // SAE IDs.
        { "sae_id: SAM", "sae_id: ' '", "(9,17): 'sae_id' must be 1 to 255 printable characters, not ' '" },
        { "sae_id: SAM", "sae_id: {}", "(9,17): 'sae_id' must be text, not a mapping" },
        { "sae_id: SAM", "sae_id: celia", "(9,17): the SAE ID 'celia' belongs to the client of that name on line 10" },
        { "sae_id: SAM", "sae_id: serena", "(12,15): the SAE ID 'serena' is already taken on line 9" },
        { "- name: serena", "- {name: serena, sae_id: SAM}", "(12,32): the SAE ID 'SAM' is already taken on line 9" },

        // URLs and dialects.
        { "- name: helen", "- {name: helen, url: helen}", "(3,24): 'url' must be an http or https URL without user, query or fragment, such as http://198.51.100.7:8100/hub/hank, not 'helen'" },
        { "- name: helen", "- {name: helen, url: /helen}", "(3,24): 'url' must be an http or https URL without user, query or fragment, such as http://198.51.100.7:8100/hub/hank, not '/helen'" },
        { "- name: helen", "- {name: helen, url: 'ftp://helen/'}", "(3,24): 'url' must be an http or https URL without user, query or fragment, such as http://198.51.100.7:8100/hub/hank, not 'ftp://helen/'" },
        { "- name: helen", "- {name: helen, url: 'http://me@helen/'}", "(3,24): 'url' must be an http or https URL without user, query or fragment, such as http://198.51.100.7:8100/hub/hank, not 'http://me@helen/'" },
        { "- name: helen", "- {name: helen, url: 'http://helen/?a'}", "(3,24): 'url' must be an http or https URL without user, query or fragment, such as http://198.51.100.7:8100/hub/hank, not 'http://helen/?a'" },
        { "- name: celia", "- name: celia\n    url: http://celia/#a", "(11,10): 'url' must be an http or https URL without user, query or fragment, such as http://198.51.100.7:8105/client/carol, not 'http://celia/#a'" },
        { "- name: helen", "- {name: helen, url: []}", "(3,24): 'url' must be text, not a list" },
        { "- name: helen", "- {name: helen, dialect: guide}", "(3,28): 'dialect' is for a hub with a 'url'; a hub that runs here speaks both" },
        { "- name: helen", "- {name: helen, url: 'http://helen', dialect: Guide}", "(3,49): 'dialect' must be guide or reference, not 'Guide'" },

        // Numbers.
        { "threshold: 3", "threshold: 4", "(13,12): 'threshold' must be a whole number from 2 to 3, the number of hubs, not '4'" },
        { "threshold: 3", "threshold: 1", "(13,12): 'threshold' must be a whole number from 2 to 3, the number of hubs, not '1'" },
        { "threshold: 3", "threshold: three", "(13,12): 'threshold' must be a whole number from 2 to 3, the number of hubs, not 'three'" },
        { "threshold: 3", "threshold: 2.5", "(13,12): 'threshold' must be a whole number from 2 to 3, the number of hubs, not '2.5'" },
        { "threshold: 3", "threshold: 99999999999999", "(13,12): 'threshold' must be a whole number from 2 to 3, the number of hubs, not '99999999999999'" },
        { "threshold: 3", "threshold: \"3\"", "(13,12): 'threshold' must be a whole number from 2 to 3, the number of hubs, without quotes" },
        { "threshold: 3", "threshold: [3]", "(13,12): 'threshold' must be a whole number from 2 to 3, the number of hubs, not a list" },
        { "base_port: 8100", "base_port: 1023", "(14,12): 'base_port' must be a whole number from 1024 to 65514, which leaves ports for 7 nodes and the console, not '1023'" },
        { "base_port: 8100", "base_port: 65515", "(14,12): 'base_port' must be a whole number from 1024 to 65514, which leaves ports for 7 nodes and the console, not '65515'" },

        // Pre-shared random data.
        { "block_size: 262144", "block_size: 511", "(16,15): 'block_size' must be a whole number from 512 to 16777216 bytes, not '511'" },
        { "block_size: 262144", "block_size: 16777217", "(16,15): 'block_size' must be a whole number from 512 to 16777216 bytes, not '16777217'" },
        { "block_size: 262144", "block_size: 256KiB", "(16,15): 'block_size' must be a whole number from 512 to 16777216 bytes, not '256KiB'" },
        { "refill_below: 65536", "refill_below: 8191", "(17,17): 'refill_below' must be a whole number from 8192 to 1073741824 bytes, not '8191'" },
        { "refill_to: 262144", "refill_to: 1073741825", "(18,14): 'refill_to' must be a whole number from 8192 to 1073741824 bytes, not '1073741825'" },
        { "refill_to: 262144", "refill_to: 65536", "(18,14): 'refill_to' (65536 bytes) must be more than 'refill_below' (65536 bytes)" },
        { "refill_below: 65536\n  refill_to: 262144", "refill_below: 262144", "(17,17): 'refill_to' (262144 bytes) must be more than 'refill_below' (262144 bytes)" },
        { "block_size: 262144\n  refill_below: 65536\n  refill_to: 262144", "block_size: 512\n  refill_to: 524289", "(17,14): 'refill_to' (524289 bytes) must be at most 1024 times 'block_size', 524288 bytes" },
        { "psrd:\n  block_size: 262144\n  refill_below: 65536\n  refill_to: 262144", "psrd: 262144", "(15,7): a mapping such as {block_size: 262144} belongs here, not a single value" },

        // YAML that a settings file has no use for, or that is none.
        { "threshold: 3", "threshold: &three 3", "(13,12): anchors (&name) are not supported; write the value out where it is needed" },
        { "threshold: 3", "threshold: !!int 3", "(13,12): tags (!name) are not supported; write the plain value" },
        { "- name: helen", "- *hank", "(3,5): aliases (*name) are not supported; write the value out" },
        { "threshold: 3", "threshold: *hank", "(13,12): aliases (*name) are not supported; write the value out" },
        { "refill_to: 262144", "refill_to: 262144\n---\nhubs: []", "(19,1): a second document begins here; a topology is one document" },
        { "threshold: 3", "threshold: [[[[[[[[[[[[[[[[3]]]]]]]]]]]]]]]]", "(13,27): this cannot be read as YAML: lists and mappings are nested more than 16 deep" },
    };

    [Fact]
    public void The_unchanged_file_has_no_problem()
    {
        Assert.Equal(3, TopologyFileTests.Parse(Good).Threshold);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Each_problem_is_reported_with_its_place(string part, string changed, string problem)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);
        var text = part == Good ? changed : Good.Replace(part, changed, StringComparison.Ordinal);

        Assert.False(TopologyFile.TryParse(text, "topology.yaml", out var topology, out var problems));

        Assert.Null(topology);
        Assert.Equal([$"topology.yaml{problem}"], problems.Select(found => found.ToString()));
    }

    [Fact]
    public void A_missing_list_of_clients_is_reported()
    {
        const string hubs = "hubs: [{name: a}, {name: b}, {name: c}]\n";

        Assert.Equal(["t(1,1): 'clients' is missing: list at least one client"], ProblemsOf(hubs));
        Assert.Equal(["t(2,9): 'clients' is missing: list at least one client"], ProblemsOf(hubs + "clients:"));
        Assert.Equal(["t(2,10): 'clients' is missing: list at least one client"], ProblemsOf(hubs + "clients: []"));
    }

    [Fact]
    public void Two_hubs_need_a_threshold()
    {
        Assert.Equal(
            ["t(1,7): 'threshold' is missing: with 2 hubs it cannot be 3, which it is when left out"],
            ProblemsOf("hubs: [{name: a}, {name: b}]\nclients: [{name: c}]"));
    }

    [Fact]
    public void Seventeen_hubs_are_too_many()
    {
        var hubs = string.Join(", ", Enumerable.Range(0, 17).Select(i => $"{{name: h{i}}}"));

        Assert.Equal(["t(1,7): 'hubs' must list 2 to 16 hubs, not 17"], ProblemsOf($"hubs: [{hubs}]\nclients: [{{name: c}}]"));
    }

    [Fact]
    public void Many_nodes_leave_fewer_base_ports()
    {
        var clients = string.Join(", ", Enumerable.Range(0, 30).Select(i => $"{{name: c{i}}}"));

        Assert.Equal(
            ["t(3,12): 'base_port' must be a whole number from 1024 to 65501, which leaves ports for 33 nodes and the console, not '65502'"],
            ProblemsOf($"hubs: [{{name: a}}, {{name: b}}, {{name: c}}]\nclients: [{clients}]\nbase_port: 65502"));
    }

    [Fact]
    public void Broken_yaml_is_reported_where_it_breaks()
    {
        var problem = Assert.Single(ProblemsOf("hubs:\n  - name: a\n   - name: b\n"));

        Assert.StartsWith("t(3,4): this cannot be read as YAML: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dash_within_a_flow_sequence_is_reported_where_it_stands()
    {
        var problem = Assert.Single(ProblemsOf("threshold: 2\nhubs: [{name: hank, url:  - name: susan\n"));

        Assert.StartsWith("t(2,27): this cannot be read as YAML: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_that_ends_between_key_and_value_is_reported_where_it_stands()
    {
        var problem = Assert.Single(ProblemsOf("threshold: 2\nhubs:\n  - : 2\n"));

        Assert.StartsWith("t(3,6): this cannot be read as YAML: ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('-')]
    public void Nesting_without_end_is_refused_without_a_deep_stack(char opening)
    {
        var text = string.Concat(Enumerable.Repeat(opening == '-' ? "- " : opening.ToString(), TopologyFile.MaxLength / 2));

        Assert.Contains("nested more than 16 deep", Assert.Single(ProblemsOf(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_reported_at_once_in_the_order_of_the_file()
    {
        Assert.Equal(
            [
                "t(2,5): unknown key 'nam'; did you mean 'name'?",
                "t(2,5): this hub has no 'name'",
                "t(3,11): 'HELEN' is no name for a node: 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'",
                "t(4,14): 'dialect' is for a hub with a 'url'; a hub that runs here speaks both",
                "t(8,14): the name 'hank' is already taken on line 5",
                "t(9,17): the SAE ID 'celia' belongs to the client of that name on line 10",
                "t(11,1): unknown key 'treshold'; did you mean 'threshold'?",
                "t(12,12): 'base_port' must be a whole number from 1024 to 65514, which leaves ports for 6 nodes and the console, not '80'",
            ],
            ProblemsOf("""
                hubs:
                  - nam: hugo
                  - name: HELEN
                    dialect: guide
                  - name: hank
                clients:
                  - {name: carol, encryptors: [
                      {name: hank,
                        sae_id: celia}]}
                  - name: celia
                treshold: 2
                base_port: 80
                """));
    }

    [Fact]
    public void A_problem_of_the_whole_file_has_no_place()
    {
        Assert.Equal("topology.yaml: gone", new TopologyProblem("topology.yaml", 0, 0, "gone").ToString());
        Assert.Equal("topology.yaml(12,5): wrong", new TopologyProblem("topology.yaml", 12, 5, "wrong").ToString());
    }

    private static IEnumerable<string> ProblemsOf(string text)
    {
        Assert.False(TopologyFile.TryParse(text, "t", out _, out var problems));
        return problems.Select(problem => problem.ToString());
    }
}
