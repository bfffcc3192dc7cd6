using System.Text.Json;
using Dske.Cli;

namespace Dske.Tests.Cli;

[Trait("Tier", "Unit")]
public sealed class KeyCommandTests : IAsyncLifetime
{
    private const string KeyId = "bc490419-7d60-487f-adc1-4ddcc177c139";
    private const string Key = "YWJjZGVmZ2hpamtsbW5vcA==";
    private const string Container = $$"""{"keys":[{"key_ID":"{{KeyId}}","key":"{{Key}}"}]}""";

    private StandInKme _carol = null!;
    private StandInKme _conny = null!;
    private CommandRun _run = null!;

    public async ValueTask InitializeAsync()
    {
        (_carol, _conny) = (await StandInKme.StartAsync(), await StandInKme.StartAsync());
        (_carol.Answer, _conny.Answer) = ((200, Container), (200, Container));
        _run = new CommandRun(
            $$"""
            hubs: [{name: hank}, {name: helen}]
            threshold: 2
            clients:
              - {name: carol, url: "{{_carol.Url}}/client/carol", encryptors: [{name: sam}]}
              - {name: conny, url: "{{_conny.Url}}/client/conny", encryptors: [{name: sofia, sae_id: "Büro 1"}]}
              - {name: nobody, url: "http://127.0.0.1:1", encryptors: [{name: susan}]}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        _run.Dispose();
        await _carol.DisposeAsync();
        await _conny.DisposeAsync();
    }

    [Fact]
    public async Task A_key_is_written_as_a_line_or_as_the_container_of_the_standard()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("etsi-qkd", "sam", "sofia", "get-key", "--size", "128"));
        Assert.Equal($"{KeyId} {Key}\n", _run.Output);

        Assert.Equal(ExitCode.Success, await _run.RunAsync("etsi-qkd", "sam", "Büro 1", "get-key", "--size", "128", "--json"));
        Assert.Equal(Container + "\n", _run.Output);

        Assert.All(_carol.Requests, request => Assert.Equal("sam /client/carol/etsi/api/v1/keys/Büro 1/enc_keys?number=1&size=128", request));
        Assert.Empty(_conny.Requests);
        Assert.Empty(_run.Errors);
    }

    [Fact]
    public async Task The_slave_asks_its_own_KME_by_IDs()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("etsi-qkd", "sam", "sofia", "get-key-with-key-ids", KeyId, KeyId));

        Assert.Equal($"{KeyId} {Key}\n", _run.Output);
        Assert.Equal($"Büro 1 /client/conny/etsi/api/v1/keys/sam/dec_keys?key_ID={KeyId}", Assert.Single(_conny.Requests));
    }

    [Fact]
    public async Task Both_ends_of_a_pair_are_compared_and_no_key_is_shown()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("etsi-qkd", "sam", "sofia", "get-key-pair", "--size", "128"));

        Assert.Contains($"{KeyId}  128   the same\n", _run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_that_differ_have_an_exit_code_of_their_own()
    {
        _conny.Answer = (200, Container.Replace(Key, "YWJjZGVmZ2hpamtsbW5vcQ==", StringComparison.Ordinal));

        Assert.Equal(ExitCode.Different, await _run.RunAsync("etsi-qkd", "sam", "sofia", "get-key-pair", "--size", "128", "--json"));

        var pair = JsonElement.Parse(_run.Output);
        Assert.False(pair.GetProperty("equal").GetBoolean());
        Assert.Equal(KeyId, pair.GetProperty("keys")[0].GetProperty("key_ID").GetString());
    }

    [Theory]
    [InlineData(400, """{"message":"no such size"}""", ExitCode.Failed, "carol refuses the request. It says: no such size")]
    [InlineData(401, """{"message":"who?"}""", ExitCode.Failed, "carol does not let 'sam' have these keys. It says: who?")]
    [InlineData(503, "", ExitCode.Failed, "carol cannot deliver keys right now.")]
    [InlineData(500, "", ExitCode.Failed, "carol gives an answer that is not key delivery.")]
    [InlineData(200, "{}", ExitCode.Failed, "carol gives an answer that is not key delivery.")]
    public async Task What_a_KME_refuses_is_said_in_a_line(int status, string body, ExitCode expected, string said)
    {
        _carol.Answer = (status, body);

        Assert.Equal(said, await _run.FailAsync(expected, "etsi-qkd", "sam", "sofia", "get-key"));
    }

    [Theory]
    [InlineData(ExitCode.Unreachable, "nobody cannot be reached at http://127.0.0.1:1", "etsi-qkd", "susan", "sam", "get-key")]
    [InlineData(ExitCode.BadInput, "No client of the topology has an SAE 'harry'. There are: sam, Büro 1, susan.", "etsi-qkd", "sam", "harry", "get-key")]
    [InlineData(ExitCode.BadInput, "TLS takes --cert, --key and --ca", "etsi-qkd", "sam", "sofia", "get-key", "--cert", "sam.pem")]
    [InlineData(ExitCode.BadInput, "TLS takes --cert, --key and --ca", "etsi-qkd", "sam", "sofia", "get-status", "--ca", "ca.pem")]
    [InlineData(ExitCode.BadInput, "are no certificate, its key and authorities", "etsi-qkd", "sam", "sofia", "get-key", "--cert", "a", "--key", "b", "--ca", "c")]
    [InlineData(ExitCode.BadInput, "No encryptor of 'sam' runs here.", "establish", "sam", "sofia")]
    public async Task What_cannot_be_asked_is_said_in_a_line(ExitCode expected, string said, params string[] arguments)
    {
        Assert.Contains(said, await _run.FailAsync(expected, arguments), StringComparison.Ordinal);
        Assert.Empty(_carol.Requests);
    }

    [Fact]
    public async Task Certificates_are_not_ignored_where_there_is_no_TLS()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("certs", "init"));
        Assert.Equal(ExitCode.Success, await _run.RunAsync("certs", "issue", "sae", "sam"));

        var said = await _run.FailAsync(
            ExitCode.BadInput, "etsi-qkd", "sam", "sofia", "get-key", "--cert", "tls/saes/sam.pem", "--key", "tls/saes/sam.key", "--ca", "tls/ca.pem");

        Assert.StartsWith("carol has an http URL in the topology", said, StringComparison.Ordinal);
        Assert.Empty(_carol.Requests);
    }

    [Fact]
    public async Task What_a_KME_offers_is_told()
    {
        _carol.Answer = (200, """
            {"source_KME_ID":"carol","target_KME_ID":"conny","master_SAE_ID":"sam","slave_SAE_ID":"Büro 1","key_size":256,"stored_key_count":7,"max_key_count":9,
             "max_key_per_request":128,"max_key_size":1024,"min_key_size":64,"max_SAE_ID_count":0}
            """);

        Assert.Equal(ExitCode.Success, await _run.RunAsync("etsi-qkd", "sam", "sofia", "get-status"));
        Assert.Contains("256 bits (64 to 1024)", _run.Output, StringComparison.Ordinal);
        Assert.Contains("7 of 9", _run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, await _run.RunAsync("etsi-qkd", "sam", "sofia", "get-status", "--json"));
        Assert.Equal(256, JsonElement.Parse(_run.Output).GetProperty("key_size").GetInt32());
    }
}
