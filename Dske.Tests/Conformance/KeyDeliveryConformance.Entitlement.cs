using System.Net;

namespace Dske.Tests.Conformance;

/// <content>Who may have which key (clauses 5.1, 5.4): 401 against 400.</content>
public abstract partial class KeyDeliveryConformance
{
    [Theory]
    [InlineData("sam")]
    [InlineData("sunny")]
    [InlineData("nobody-at-all")]
    public async Task Whoever_was_not_named_as_a_slave_is_not_entitled_whatever_master_it_names(string master)
    {
        var made = await MakeAsync();

        await AssertRefusedAsync("serena", $"{master}/dec_keys?key_ID={made[0].Id}", null, HttpStatusCode.Unauthorized);
        (await FetchAsync("serena", master, made[0].Id)).AssertError(HttpStatusCode.Unauthorized);

        await AssertDeliveredAsync(made);
    }

    [Theory]
    [InlineData("serena")]
    [InlineData("carol")]
    public async Task The_slave_that_names_another_master_does_not_find_the_key(string master)
    {
        var made = await MakeAsync();

        (await FetchAsync("sofia", master, made[0].Id)).AssertError(HttpStatusCode.BadRequest, NotFound);

        await AssertDeliveredAsync(made);
    }

    [Fact]
    public async Task The_master_is_not_entitled_to_fetch_its_own_key()
    {
        var made = await MakeAsync();

        (await FetchAsync("sam", "sofia", made[0].Id)).AssertError(HttpStatusCode.Unauthorized);

        await AssertDeliveredAsync(made);
    }

    [Fact]
    public async Task A_neighbour_of_the_slave_at_its_KME_is_not_entitled()
    {
        var made = await MakeAsync(1, "sam", "sunny");

        (await FetchAsync("susan", "sam", made[0].Id)).AssertError(HttpStatusCode.Unauthorized);

        await AssertDeliveredAsync(made, "sunny");
    }

    [Fact]
    public async Task One_key_of_somebody_else_fails_the_request_and_consumes_nothing()
    {
        var (own, others) = (await MakeAsync(), await MakeAsync(1, "sam", "serena"));

        (await FetchAsync("sofia", "sam", own[0].Id, others[0].Id)).AssertError(HttpStatusCode.Unauthorized);

        await AssertDeliveredAsync(own);
        await AssertDeliveredAsync(others, "serena");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("enc_keys")]
    [InlineData("enc_keys?size=257")]
    [InlineData("dec_keys?key_ID=" + UnknownId)]
    [InlineData("dec_keys?key_ID=x")]
    public async Task Whoever_is_not_registered_with_the_KME_is_not_authorised(string operation)
    {
        foreach (var stranger in (string[])["nobody-at-all", "sofia"])
        {
            (await network.SendAsync(stranger, HttpMethod.Get, "/api/v1/keys/sunny/" + operation, kme: "carol")).AssertError(HttpStatusCode.Unauthorized);
        }
    }

    [Theory]
    [InlineData("status")]
    [InlineData("enc_keys")]
    [InlineData("dec_keys?key_ID=" + UnknownId)]
    public async Task An_SAE_does_not_make_keys_with_itself(string operation)
        => await AssertRefusedAsync("sam", "sam/" + operation, null, HttpStatusCode.BadRequest);
}
