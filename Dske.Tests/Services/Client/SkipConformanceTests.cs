using System.Net.Http.Json;
using System.Text.Json;
using Dske.Client.Hosting;
using Dske.Tests.Network;

namespace Dske.Tests.Services.Client;

/// <summary>What draft-cisco-skip-02 says of two key providers and the encryptors beside them, sentence by sentence.</summary>
[Trait("Tier", "Services")]
public sealed class SkipConformanceTests(SkipNetwork network) : IClassFixture<SkipNetwork>
{
    private const string Hex = "0123456789abcdef";
    private const string Nobodys = "bc4904197d60487fadc14ddcc177c139";

    private LoopbackNode<ClientOptions> Carol => network.Carol;

    private LoopbackNode<ClientOptions> Conny => network.Conny;

    [Fact]
    public async Task A_key_can_be_had_at_the_other_key_provider_once_the_first_encryptor_has_it()
    {
        var made = await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny");

        Assert.Equal(made, await Conny.GetSkipKeyAsync($"/key/{made.Id}?remoteSystemID=carol"));
    }

    [Fact]
    public async Task Either_key_provider_may_begin()
    {
        var made = await Conny.GetSkipKeyAsync("/key?remoteSystemID=carol");

        Assert.Equal(made, await Carol.GetSkipKeyAsync($"/key/{made.Id}?remoteSystemID=conny"));
    }

    [Fact]
    public async Task Paths_sit_at_the_root_and_below_the_name_of_the_client()
    {
        Assert.Equal(200, (await Carol.GetSkipAsync("/client/carol/skip/capabilities")).Status);
        Assert.Equal(200, (await Carol.GetSkipAsync("/client/carol/skip/entropy")).Status);
        var made = await Carol.GetSkipKeyAsync("/client/carol/skip/key?remoteSystemID=conny");

        Assert.Equal(made, await Conny.GetSkipKeyAsync($"/client/conny/skip/key/{made.Id}?remoteSystemID=carol"));
    }

    [Fact]
    public async Task Capabilities_have_five_members()
    {
        var (status, body) = await Carol.GetSkipAsync("/capabilities");

        Assert.Equal(200, status);
        Assert.Equal(["entropy", "key", "algorithm", "localSystemID", "remoteSystemID"], body.EnumerateObject().Select(member => member.Name));
        Assert.True(body.GetProperty("entropy").GetBoolean());
        Assert.True(body.GetProperty("key").GetBoolean());
        Assert.Equal("DSKE", body.GetProperty("algorithm").GetString());
        Assert.Equal("carol", body.GetProperty("localSystemID").GetString());
        Assert.Equal("*", Assert.Single(body.GetProperty("remoteSystemID").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task A_key_has_256_bits_and_its_ID_128_unless_told_otherwise()
    {
        var (id, key) = await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny");

        Assert.Equal((32, 64), (id.Length, key.Length));
        Assert.All(id + key, digit => Assert.Contains(digit, Hex));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(192)]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(65_536)]
    public async Task A_size_is_in_bits(int size)
    {
        var made = await Carol.GetSkipKeyAsync($"/key?remoteSystemID=conny&size={size}");

        Assert.Equal(size / 4, made.Key.Length);
        Assert.Equal(made, await Conny.GetSkipKeyAsync($"/key/{made.Id}?remoteSystemID=carol"));
    }

    [Fact]
    public async Task Every_key_has_an_ID_of_its_own()
    {
        var keys = new List<(string Id, string Key)>();
        for (var i = 0; i < 10; i++)
        {
            keys.Add(await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny"));
        }

        Assert.Equal(10, keys.Select(key => key.Id).Distinct().Count());
        Assert.Equal(10, keys.Select(key => key.Key).Distinct().Count());
    }

    [Fact]
    public async Task A_key_provider_hands_out_a_key_once()
    {
        var made = await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny");
        await Conny.GetSkipKeyAsync($"/key/{made.Id}?remoteSystemID=carol");

        await Conny.GetSkipRefusalAsync($"/key/{made.Id}?remoteSystemID=carol", 400);
        await Conny.GetSkipRefusalAsync($"/client/conny/skip/key/{made.Id}?remoteSystemID=carol", 400);
    }

    [Fact]
    public async Task The_key_provider_that_made_a_key_does_not_serve_its_ID()
    {
        var made = await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny");

        await Carol.GetSkipRefusalAsync($"/key/{made.Id}?remoteSystemID=conny", 400);
        await Carol.GetSkipRefusalAsync($"/key/{made.Id}?remoteSystemID=carol", 400);
        Assert.Equal(made, await Conny.GetSkipKeyAsync($"/key/{made.Id}?remoteSystemID=carol"));
    }

    [Fact]
    public async Task A_remoteSystemID_that_did_not_make_the_key_gets_nothing_and_spoils_nothing()
    {
        var made = await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny");

        foreach (var other in new[] { "celia", "conny", "sam", "*", "c?rol", "carol,conny" })
        {
            await Conny.GetSkipRefusalAsync($"/key/{made.Id}?remoteSystemID={other}", 400);
        }

        Assert.Equal(made, await Conny.GetSkipKeyAsync($"/key/{made.Id}?remoteSystemID=carol"));
    }

    [Fact]
    public async Task The_digits_of_an_ID_are_of_either_case()
    {
        var made = await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny");
        var mixed = string.Concat(made.Id.Select((digit, i) => i % 2 == 0 ? char.ToUpperInvariant(digit) : digit));

        Assert.Equal(made, await Conny.GetSkipKeyAsync($"/key/{mixed}?remoteSystemID=carol"));
    }

    [Theory]
    [InlineData(Nobodys)]
    [InlineData("1")]
    [InlineData("BC4904197d60487fadc14ddcc177C1")]
    [InlineData("1b2c3D4e5F60718293a4b5c6d7e8f90112233445566778Aa")]
    public async Task A_key_that_is_not_there_is_a_400_whatever_the_length_of_its_ID(string id)
        => Assert.Contains("no key", await Conny.GetSkipRefusalAsync($"/key/{id}?remoteSystemID=carol", 400), StringComparison.Ordinal);

    [Fact]
    public async Task A_key_with_somebody_who_is_not_there_is_a_400()
        => Assert.Contains("not registered", await Carol.GetSkipRefusalAsync("/key?remoteSystemID=celia", 400), StringComparison.Ordinal);

    [Theory]
    [InlineData("remoteSystemId")]
    [InlineData("remotesystemid")]
    [InlineData("REMOTESYSTEMID")]
    public async Task Names_of_parameters_are_of_either_case(string name)
    {
        var made = await Carol.GetSkipKeyAsync($"/key?{name}=conny&SIZE=128");

        Assert.Equal(32, made.Key.Length);
        Assert.Equal(made, await Conny.GetSkipKeyAsync($"/key/{made.Id}?{name}=carol"));
    }

    [Fact]
    public async Task An_ID_is_the_digits_of_the_UUID_by_which_ETSI_014_knows_the_key()
    {
        var made = await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Conny.Root}/etsi/api/v1/keys/carol/dec_keys?key_ID={Guid.ParseExact(made.Id, "N"):D}");
        request.Headers.TryAddWithoutValidation("Authorization", "conny");

        using var answer = await Conny.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var delivered = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("keys")[0];

        Assert.Equal(made.Key, Convert.ToHexStringLower(delivered.GetProperty("key").GetBytesFromBase64()));
        await Conny.GetSkipRefusalAsync($"/key/{made.Id}?remoteSystemID=carol", 400);
    }

    [Fact]
    public async Task Of_many_who_ask_for_one_key_at_once_one_gets_it()
    {
        var made = await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Conny.GetSkipAsync($"/key/{made.Id}?remoteSystemID=carol")));

        Assert.Equal(made.Key, Assert.Single(answers, answer => answer.Status == 200).Body.GetProperty("key").GetString());
        Assert.Equal(7, answers.Count(answer => answer.Status == 400));
    }

    /// <summary>
    /// The steps of the compliance script of a SKIP server in use (test_rfc_compliance.py of lucasmbarboza/skip-server), which knows one server
    /// only: where it fetches a key at the server that issued it, a key provider as the draft has it says 400, and the other one has the key.
    /// </summary>
    [Fact]
    public async Task The_steps_of_a_compliance_script_in_use_pass()
    {
        var capabilities = (await Carol.GetSkipAsync("/capabilities")).Body;
        Assert.All(new[] { "entropy", "key" }, member => Assert.Contains(capabilities.GetProperty(member).ValueKind, new[] { JsonValueKind.True, JsonValueKind.False }));
        Assert.All(new[] { "algorithm", "localSystemID" }, member => Assert.Equal(JsonValueKind.String, capabilities.GetProperty(member).ValueKind));
        Assert.Equal(JsonValueKind.Array, capabilities.GetProperty("remoteSystemID").ValueKind);

        var made = await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny");
        Assert.Matches("^[0-9a-f]{32}$", made.Id);
        Assert.Matches("^[0-9a-f]{64}$", made.Key);
        Assert.Matches("^[0-9a-f]{32}$", (await Carol.GetSkipKeyAsync("/key?remoteSystemID=conny&size=128")).Key);
        await Carol.GetSkipRefusalAsync("/key", 400);

        await Carol.GetSkipRefusalAsync($"/key/{made.Id}?remoteSystemID=conny", 400);
        Assert.Equal(made, await Conny.GetSkipKeyAsync($"/key/{made.Id}?remoteSystemID=carol"));
        await Carol.GetSkipRefusalAsync("/key/invalid-key-id?remoteSystemID=conny", 400);
        await Carol.GetSkipRefusalAsync($"/key/{made.Id}", 400);

        Assert.Equal((64, 256), Measure((await Carol.GetSkipAsync("/entropy")).Body));
        Assert.Equal((32, 128), Measure((await Carol.GetSkipAsync("/entropy?minentropy=128")).Body));
        await Carol.GetSkipRefusalAsync("/entropy?minentropy=abc", 400);
        using var unknown = await Carol.Client.GetAsync("/invalid", TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)unknown.StatusCode);

        static (int Digits, int Bits) Measure(JsonElement entropy) => (entropy.GetProperty("randomStr").GetString()!.Length, entropy.GetProperty("minentropy").GetInt32());
    }
}
