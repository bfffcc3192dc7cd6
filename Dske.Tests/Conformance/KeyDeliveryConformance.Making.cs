using System.Net;

namespace Dske.Tests.Conformance;

/// <content>Get key (clauses 5.3, 6.2, 6.3).</content>
public abstract partial class KeyDeliveryConformance
{
    /// <summary>Queries, with the number and size of the keys that come of them.</summary>
    public static TheoryData<string, int, int> Queries => new()
    {
        { "", 1, 256 },
        { "?number=3&size=1024", 3, 1024 },
        { "?number=5", 5, 256 },
        { "?size=128", 1, 128 },
        { "?size=136", 1, 136 },
        { "?size=262144", 1, 262_144 },
        { "?SIZE=192", 1, 192 },
        { "?number=1&size=256&hint=none&route_type=direct", 1, 256 },
        { "?number=128", 128, 256 },
    };

    /// <summary>Bodies, with the number and size of the keys that come of them.</summary>
    public static TheoryData<string?, int, int> Bodies => new()
    {
        { null, 1, 256 },
        { "", 1, 256 },
        { "{}", 1, 256 },
        { " {\r\n\t} ", 1, 256 },
        { """{"number":2,"size":512}""", 2, 512 },
        { """{"number":128,"size":128}""", 128, 128 },
        { """{"number":null,"size":null,"additional_slave_SAE_IDs":null,"extension_mandatory":null,"extension_optional":null}""", 1, 256 },
        { """{"additional_target_sae_ids":[],"vendor":{"deep":[1,2,{"er":null}]}}""", 1, 256 },
        { """{"extension_mandatory":[],"extension_optional":[]}""", 1, 256 },
        { """{"extension_optional":[{"abc_max_age":30000},{"abc_route_type":"direct","abc_more":[{"x":1}]}]}""", 1, 256 },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Get_key_by_GET_gives_exactly_as_many_keys_of_that_size(string query, int number, int size)
        => await AssertGivesAsync(await network.GetAsync("sam", "sofia/enc_keys" + query), number, size);

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Get_key_by_POST_gives_exactly_as_many_keys_of_that_size(string? body, int number, int size)
        => await AssertGivesAsync(await network.PostAsync("sam", "sofia/enc_keys", body, string.IsNullOrEmpty(body) ? null : "application/json"), number, size);

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("APPLICATION/JSON")]
    public async Task JSON_may_say_that_it_is_UTF_8(string contentType)
    {
        var made = (await network.PostAsync("sam", "sofia/enc_keys", "{}", contentType)).Keys;

        Assert.Single((await network.PostAsync("sofia", "sam/dec_keys", IdsOf(made[0].Id), contentType)).Keys);
    }

    [Fact]
    public async Task A_body_of_a_GET_is_ignored()
    {
        var made = (await network.SendAsync("sam", HttpMethod.Get, "/api/v1/keys/sofia/enc_keys?size=192", """{"number":3,"size":7}""")).Keys;

        Assert.Equal(24, Assert.Single(made).Key.Length);
    }

    [Fact]
    public async Task A_container_is_compact_and_has_no_extensions()
    {
        var made = await network.GetAsync("sam", "sofia/enc_keys?number=2");

        Assert.Matches("""^\{"keys":\[\{"key_ID":"[0-9a-f-]{36}","key":"[A-Za-z0-9+/=]{44}"\},\{"key_ID":"[0-9a-f-]{36}","key":"[A-Za-z0-9+/=]{44}"\}\]\}$""", made.Text);
    }

    [Fact]
    public async Task Two_SAEs_at_one_KME_get_the_same_key()
        => await AssertDeliveredAsync(await MakeAsync(2, "sunny", "susan"), "susan", "sunny");

    [Fact]
    public async Task Roles_are_those_of_a_key_not_of_an_SAE()
    {
        var (there, back) = (await MakeAsync(1, "sam", "sofia"), await MakeAsync(1, "sofia", "sam"));

        await AssertDeliveredAsync(back, "sam", "sofia");
        await AssertDeliveredAsync(there);
    }

    [Fact]
    public async Task Both_paths_serve_the_same()
    {
        var (carol, conny) = ($"/client/{network.KmeOf("sam")}/etsi/api/v1/keys", $"/client/{network.KmeOf("sofia")}/etsi/api/v1/keys");
        var there = (await network.SendAsync("sam", HttpMethod.Get, carol + "/sofia/enc_keys")).Keys;
        var back = await MakeAsync();

        Assert.Equal(there[0].Key, (await network.GetAsync("sofia", $"sam/dec_keys?key_ID={there[0].Id}")).Keys[0].Key);
        Assert.Equal(back[0].Key, (await network.SendAsync("sofia", HttpMethod.Post, conny + "/sam/dec_keys", IdsOf(back[0].Id))).Keys[0].Key);
        (await network.SendAsync("sofia", HttpMethod.Get, conny + "/sam/dec_keys")).AssertError(HttpStatusCode.BadRequest);
        Assert.Equal(2, (await network.SendAsync("sam", HttpMethod.Post, carol + "/sofia/enc_keys", """{"number":2}""")).Keys.Count);
        (await network.SendAsync("sam", HttpMethod.Get, "/client/nobody/etsi/api/v1/keys/sofia/enc_keys")).AssertError(HttpStatusCode.NotFound);
    }

    private async Task AssertGivesAsync(Exchange exchange, int number, int size)
    {
        var made = exchange.Keys;
        Assert.Equal(number, made.Count);
        Assert.Equal(number, made.Select(key => key.Id).Distinct().Count());
        Assert.All(made, key => Assert.Equal(key.Id, Guid.ParseExact(key.Id, "D").ToString("D")));
        Assert.All(made, key => Assert.Equal(size, key.Key.Length * 8));
        await AssertDeliveredAsync(made);
    }
}
