using System.Net;

namespace Dske.Tests.Conformance;

/// <content>Verbs, paths and media types (clauses 5.1, 6.5): every failure has the standard's error body.</content>
public abstract partial class KeyDeliveryConformance
{
    [Theory]
    [InlineData("POST", "status")]
    [InlineData("PUT", "status")]
    [InlineData("PUT", "enc_keys")]
    [InlineData("DELETE", "enc_keys")]
    [InlineData("PATCH", "dec_keys")]
    [InlineData("OPTIONS", "dec_keys")]
    [InlineData("QUERY", "enc_keys")]
    public async Task Another_verb_is_not_allowed(string method, string operation)
        => (await network.SendAsync("sam", new HttpMethod(method), "/api/v1/keys/sofia/" + operation)).AssertError(HttpStatusCode.MethodNotAllowed);

    [Theory]
    [InlineData("/api/v1/keys")]
    [InlineData("/api/v1/keys/")]
    [InlineData("/api/v1/keys/sofia")]
    [InlineData("/api/v1/keys/sofia/keys")]
    [InlineData("/api/v1/keys/sofia/enc_keys/more")]
    [InlineData("/api/v1/keys//enc_keys")]
    [InlineData("/client/carol/etsi/api/v2/keys/sofia/enc_keys")]
    [InlineData("/client/carol/etsi")]
    public async Task Another_path_leads_nowhere(string path)
        => (await network.SendAsync("sam", HttpMethod.Get, path)).AssertError(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/problem+json")]
    [InlineData("application/*")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=utf-16")]
    public async Task A_body_that_is_not_JSON_in_UTF_8_is_not_supported(string contentType)
    {
        (await network.PostAsync("sam", "sofia/enc_keys", "{}", contentType)).AssertError(HttpStatusCode.UnsupportedMediaType);
        (await network.PostAsync("sofia", "sam/dec_keys", IdsOf(UnknownId), contentType)).AssertError(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("enc_keys")]
    [InlineData("dec_keys")]
    public async Task A_body_that_is_too_long_is_refused(string operation)
        => (await network.PostAsync("sam", "sofia/" + operation, "{\"x\":\"" + new string('x', 70_000) + "\"}")).AssertError(HttpStatusCode.RequestEntityTooLarge);

    [Theory]
    [InlineData("%20", "status")]
    [InlineData("%20", "enc_keys")]
    [InlineData("%20%20", "dec_keys?key_ID=" + UnknownId)]
    [InlineData("%C2%A0", "enc_keys")]
    [InlineData("a%0Ab", "enc_keys")]
    public async Task A_blank_or_unprintable_SAE_ID_in_the_path_is_a_bad_request(string sae, string operation)
        => await AssertRefusedAsync("sam", $"{sae}/{operation}", null, HttpStatusCode.BadRequest);

    [Fact]
    public async Task An_SAE_ID_in_the_path_is_decoded()
    {
        var made = (await network.GetAsync("sam", "so%66i%61/enc_keys")).Keys;

        Assert.Equal(made[0].Key, (await network.GetAsync("sofia", $"%73am/dec_keys?key_ID={made[0].Id}")).Keys[0].Key);
    }
}
