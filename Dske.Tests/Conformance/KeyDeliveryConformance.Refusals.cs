using System.Net;

namespace Dske.Tests.Conformance;

/// <content>Requests for fresh keys that are refused (clauses 6.2, 6.5).</content>
public abstract partial class KeyDeliveryConformance
{
    private const string Multiple = "size shall be a multiple of 8";
    private const string Mandatory = "not all extension_mandatory parameters are supported";

    /// <summary>Queries that are refused, with the message where the standard fixes it.</summary>
    public static TheoryData<string, string?> BadQueries => new()
    {
        { "size=257", Multiple }, { "size=129", Multiple }, { "size=0", null }, { "size=-8", null }, { "size=120", null }, { "size=16777224", null },
        { "size=2147483648", null }, { "size=abc", null }, { "size=", null }, { "size=256.0", null }, { "size=2.56e2", null }, { "size=0x100", null },
        { "size=+256", null }, { "size=%2B256", null }, { "size=0256", null }, { "size=%20256", null }, { "size=256&size=256", null }, { "size=%D9%A2%D9%A5%D9%A6", null },
        { "number=0", null }, { "number=-1", null }, { "number=129", null }, { "number=abc", null }, { "number=", null }, { "number=1.0", null }, { "number=99999999999", null },
        { "number=1&number=1", null }, { "additional_slave_SAE_IDs=serena", null }, { "extension_mandatory=x", null }, { "number=9&size=16777216", null }, { "number=128&size=1048584", null },
    };

    /// <summary>Bodies that are refused, with the message where the standard fixes it.</summary>
    public static TheoryData<string, string?> BadBodies => new()
    {
        { """{"size":257}""", Multiple }, { """{"size":120}""", null }, { """{"size":16777224}""", null }, { """{"size":"256"}""", null }, { """{"size":256.5}""", null },
        { """{"number":0}""", null }, { """{"number":-1}""", null }, { """{"number":129}""", null }, { """{"number":"abc"}""", null }, { """{"number":"1"}""", null },
        { """{"number":1.5}""", null }, { """{"number":true}""", null }, { """{"number":[1]}""", null }, { """{"number":99999999999}""", null },
        { """{"number":9,"size":16777216}""", null }, { """{"number":1,"number":1}""", null },
        { " ", null }, { "null", null }, { "[]", null }, { "7", null }, { "\"{}\"", null }, { "{", null }, { "{}{}", null }, { "{number:1}", null }, { "{'number':1}", null },
        { "{\"number\":1,}", null }, { "{}//", null }, { "\uFEFF{}", null },
        { """{"extension_mandatory":"x"}""", null }, { """{"extension_mandatory":["x"]}""", null }, { """{"extension_mandatory":[null]}""", null },
        { """{"extension_optional":{"abc_x":1}}""", null }, { """{"extension_optional":[7]}""", null },
        { """{"extension_mandatory":[{"abc_route_type":"direct"}]}""", Mandatory },
        { """{"extension_mandatory":[{"abc_route_type":{"a":[1]}},{"abc_transfer_method":"qkd"}],"extension_optional":[{"abc_max_age":1}]}""", Mandatory },
        { """{"extension_mandatory":[{}]}""", Mandatory },
    };

    [Theory]
    [MemberData(nameof(BadQueries))]
    public async Task A_bad_query_for_keys_is_refused(string query, string? message)
        => await AssertRefusedAsync("sam", "sofia/enc_keys?" + query, null, HttpStatusCode.BadRequest, message);

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_for_keys_is_refused(string body, string? message)
        => await AssertRefusedAsync("sam", "sofia/enc_keys", body, HttpStatusCode.BadRequest, message);

    [Fact]
    public async Task Mandatory_extensions_that_are_not_known_are_named_in_objects()
    {
        var refused = await network.PostAsync("sam", "sofia/enc_keys", """{"extension_mandatory":[{"abc_route_type":"direct","abc_x":1},{"abc_transfer_method":"qkd"}]}""");

        refused.AssertError(HttpStatusCode.BadRequest, Mandatory);
        Assert.Equal(
            ["abc_route_type", "abc_x", "abc_transfer_method"],
            refused.Body.GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("extension_mandatory_unsupported").GetString()!));
    }

    [Fact]
    public async Task Other_refusals_have_no_details()
        => Assert.False((await network.GetAsync("sam", "sofia/enc_keys?size=257")).Body.TryGetProperty("details", out _));

    [Fact]
    public async Task A_slave_SAE_that_nobody_has_is_a_bad_request()
        => await AssertRefusedAsync("sam", "nobody-at-all/enc_keys", null, HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_refused_request_consumes_nothing()
    {
        var before = await CountStoredKeysAsync();

        await AssertRefusedAsync("sunny", "susan/enc_keys?number=128&size=257", null, HttpStatusCode.BadRequest);
        await AssertRefusedAsync("sunny", "susan/enc_keys", """{"number":128,"extension_mandatory":[{"abc_x":1}]}""", HttpStatusCode.BadRequest);
        await AssertRefusedAsync("sunny", "susan/enc_keys", """{"number":128,"additional_slave_SAE_IDs":["susan"]}""", HttpStatusCode.BadRequest);

        Assert.True(await CountStoredKeysAsync() > before - 50);
    }
}
