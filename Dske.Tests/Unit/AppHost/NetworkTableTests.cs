using Dske.AppHost.Control;
using Dske.AppHost.Launch;
using Dske.Protocol.Topology;

namespace Dske.Tests.Unit.AppHost;

[Trait("Tier", "Unit")]
public sealed class NetworkTableTests
{
    [Fact]
    public void Nodes_stand_in_columns_with_state_and_address()
    {
        var table = NetworkTable.Format(
        [
            new ResourceStatus("hank", "hub", "http://localhost:8100", "Running", "Healthy", null),
            new ResourceStatus("carol", "client", "http://localhost:8105", "Running", "Unhealthy", null),
            new ResourceStatus("sam", "encryptor", "http://localhost:8110", "Finished", null, 137),
            new ResourceStatus("sofia", "encryptor", null, "NotStarted", null, null),
        ]);

        Assert.Equal(
            """
              NODE   KIND       STATE        API
              hank   hub        healthy      http://localhost:8100/scalar
              carol  client     unhealthy    http://localhost:8105/scalar
              sam    encryptor  ended (137)  http://localhost:8110/scalar
              sofia  encryptor  notstarted

            """,
            table.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_console_stands_below_the_nodes()
    {
        var table = NetworkTable.Format([new ResourceStatus("hank", "hub", "http://localhost:8100", "Running", "Healthy", null)], "http://localhost:8120");

        Assert.EndsWith("/scalar\n\n  See it work: http://localhost:8120\n", table.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_crosses_the_network()
    {
        var topology = Parse("carol: [sam], celia: [serena], cindy: [], conny: [sofia], curtis: [sunny, susan]");

        Assert.Equal(
            """curl -X POST http://sam:8110/encryptor/sam/api/v1/keys -H 'Content-Type: application/json' -d '{"peer":"sofia"}'""",
            NetworkTable.FormatExample(topology, name => new Uri($"http://{name}:8110")));
    }

    [Fact]
    public void Over_TLS_the_examples_say_what_to_connect_with()
    {
        var topology = Parse("carol: [sam], conny: [sofia]");
        var certificates = new CertificateFiles("/home/d'Arc/.dske");

        Assert.Equal(
            @"curl --cacert '/home/d'\''Arc/.dske/tls/ca.pem' --cert '/home/d'\''Arc/.dske/tls/operator.pem' --key '/home/d'\''Arc/.dske/tls/operator.key' "
            + """-X POST https://sam:1/encryptor/sam/api/v1/keys -H 'Content-Type: application/json' -d '{"peer":"sofia"}'""",
            NetworkTable.FormatExample(topology, name => new Uri($"https://{name}:1"), certificates));
        Assert.Equal(
            "curl --cacert /d/tls/ca.pem --cert /d/tls/saes/sam.pem --key /d/tls/saes/sam.key https://carol:1/client/carol/etsi/api/v1/keys/sofia/enc_keys",
            NetworkTable.FormatKeyDelivery(topology, name => new Uri($"https://{name}:1"), new CertificateFiles("/d")));
    }

    [Theory]
    [InlineData("carol: [sam, susan]", "susan")]
    [InlineData("cindy: [], carol: [sam], conny: [sofia]", "sofia")]
    public void The_example_takes_what_peer_there_is(string clients, string peer) => Assert.Contains(
        $$"""/encryptor/sam/api/v1/keys -H 'Content-Type: application/json' -d '{"peer":"{{peer}}"}'""",
        NetworkTable.FormatExample(Parse(clients), _ => new Uri("http://localhost:1")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("carol: [sam]")]
    [InlineData("carol: []")]
    public void Without_two_encryptors_there_is_no_example(string clients) =>
        Assert.Null(NetworkTable.FormatExample(Parse(clients), _ => new Uri("http://localhost:1")));

    [Fact]
    public void SAE_IDs_of_any_kind_survive_the_shell_and_the_path()
    {
        var (loaded, problems) = (TopologyFile.TryParse(
            """
            hubs: [{name: hank}, {name: helen}]
            threshold: 2
            clients:
              - {name: carol, encryptors: [{name: sam, sae_id: "a/b c?"}]}
              - {name: conny, encryptors: [{name: sofia, sae_id: "O'Hara \"ä\""}]}
            """,
            "test.yaml",
            out var topology,
            out var found), found);
        Assert.True(loaded, string.Join('\n', problems));

        Assert.Equal(
            "curl -X POST http://localhost:1/encryptor/a%2Fb%20c%3F/api/v1/keys -H 'Content-Type: application/json' "
            + """-d '{"peer":"O'\''Hara \"ä\""}'""",
            NetworkTable.FormatExample(topology!, _ => new Uri("http://localhost:1")));
    }

    private static NetworkTopology Parse(string clients)
    {
        var lines = from client in clients.Split("], ")
                    let parts = client.Trim().TrimEnd(']').Split(": [")
                    let names = parts[1].Split(", ", StringSplitOptions.RemoveEmptyEntries)
                    select $"  - {{name: {parts[0]}, encryptors: [{string.Join(", ", names.Select(name => $"{{name: {name}}}"))}]}}";
        var text = $"hubs: [{{name: hank}}, {{name: helen}}]\nthreshold: 2\nclients:\n{string.Join('\n', lines)}\n";
        Assert.True(TopologyFile.TryParse(text, "test.yaml", out var topology, out var problems), text + string.Join('\n', problems));
        return topology;
    }
}
