using System.Net;

namespace Dske.Tests.Conformance;

/// <content>Get key with key IDs (clauses 5.4, 6.4).</content>
public abstract partial class KeyDeliveryConformance
{
    /// <summary>Queries that are refused.</summary>
    public static TheoryData<string> BadIdQueries => new()
    {
        "", "?key_ID", "?key_ID=", "?key_ID=abc", "?keyID=" + UnknownId, "?key_IDs=" + UnknownId, $"?key_ID={{{UnknownId}}}", "?key_ID=" + UnknownId.Replace("-", ""),
        $"?key_ID={UnknownId}&key_ID={UnknownId}", $"?key_ID={UnknownId}x", $"?key_ID=%20{UnknownId}", "?key_ID=+b0e5a1c-3c7e-4c59-9d4c-7a1f4f6b0c11",
        "?key_ID=0x0e5a1c-3c7e-4c59-9d4c-7a1f4f6b0c11", $"?key_ID={UnknownId},{UnknownId}",
    };

    /// <summary>Bodies that are refused.</summary>
    public static TheoryData<string> BadIdBodies => new()
    {
        "", " ", "null", "[]", "{}", "{", """{"key_IDs":null}""", """{"key_IDs":[]}""", """{"key_IDs":{}}""", """{"key_IDs":[null]}""", """{"key_IDs":[{}]}""", """{"key_IDs":["x"]}""",
        $$"""{"key_IDs":["{{UnknownId}}"]}""", """{"key_IDs":[{"key_ID":"x"}]}""", """{"key_IDs":[{"key_ID":7}]}""", """{"key_IDs":[{"key_ID":null}]}""",
        $$"""{"key_IDs":[{"key_ID":"{{UnknownId}}"},{"key_ID":"{{UnknownId}}"}]}""", $$"""{"key_IDs":[{"key_ID":"{{UnknownId}}"},{"key_ID":"{{UnknownId.ToUpperInvariant()}}"}]}""",
        $$"""{"key_ids":[{"key_ID":"{{UnknownId}}"}]}""", $$"""[{"key_ID":"{{UnknownId}}"}]""", IdsOf(Enumerable.Range(0, 129).Select(i => $"{i:x8}-3c7e-4c59-9d4c-7a1f4f6b0c11")),
    };

    [Fact]
    public async Task The_slave_gets_the_key_by_GET()
    {
        var made = await MakeAsync();

        var fetched = Assert.Single((await network.GetAsync("sofia", $"sam/dec_keys?key_ID={made[0].Id}")).Keys);

        Assert.Equal(made[0].Id, fetched.Id);
        Assert.Equal(made[0].Key, fetched.Key);
    }

    [Fact]
    public async Task The_slave_gets_one_key_by_POST() => await AssertDeliveredAsync(await MakeAsync());

    [Fact]
    public async Task The_slave_gets_keys_in_the_order_it_asked_for_them()
    {
        var made = await MakeAsync(3);

        await AssertDeliveredAsync([made[2], made[0], made[1]]);
    }

    [Fact]
    public async Task The_slave_gets_128_keys_in_one_request() => await AssertDeliveredAsync(await MakeAsync(128));

    [Fact]
    public async Task An_ID_may_come_in_either_case_and_with_a_body_that_does_not_count()
    {
        var made = await MakeAsync(2);

        Assert.Equal(made[0].Id, (await network.GetAsync("sofia", $"sam/dec_keys?key_id={made[0].Id.ToUpperInvariant()}&more=1")).Keys[0].Id);
        Assert.Equal(made[1].Key, (await network.SendAsync("sofia", HttpMethod.Get, $"/api/v1/keys/sam/dec_keys?key_ID={made[1].Id}", "{")).Keys[0].Key);
    }

    [Fact]
    public async Task Extensions_of_IDs_are_ignored()
    {
        var made = await MakeAsync(2);
        var body = $$$"""
            {"key_IDs":[{"key_ID":"{{{made[0].Id}}}","key_ID_extension":{"abc_x":[1]}},{"more":true,"key_ID":"{{{made[1].Id.ToUpperInvariant()}}}","key_ID_extension":null}],
             "key_IDs_extension":{"abc_y":null},"and_more":[{}]}
            """;

        Assert.Equal(made.Select(key => key.Key), (await network.PostAsync("sofia", "sam/dec_keys", body)).Keys.Select(key => key.Key));
    }

    [Fact]
    public async Task A_key_is_gone_once_it_was_delivered()
    {
        var made = await MakeAsync();
        await AssertDeliveredAsync(made);

        (await FetchAsync("sofia", "sam", made[0].Id)).AssertError(HttpStatusCode.BadRequest, NotFound);
        await AssertRefusedAsync("sofia", $"sam/dec_keys?key_ID={made[0].Id}", null, HttpStatusCode.BadRequest, NotFound);
    }

    [Fact]
    public async Task A_key_that_was_never_made_is_not_found()
        => await AssertRefusedAsync("sofia", $"sam/dec_keys?key_ID={UnknownId}", null, HttpStatusCode.BadRequest, NotFound);

    [Fact]
    public async Task One_ID_that_is_not_found_fails_the_request_and_consumes_nothing()
    {
        var made = await MakeAsync(3);

        (await FetchAsync("sofia", "sam", made[0].Id, UnknownId, made[1].Id)).AssertError(HttpStatusCode.BadRequest, NotFound);
        (await FetchAsync("sofia", "sam", UnknownId, made[2].Id)).AssertError(HttpStatusCode.BadRequest, NotFound);

        await AssertDeliveredAsync(made);
    }

    [Fact]
    public async Task One_ID_that_was_delivered_fails_the_request_and_consumes_nothing()
    {
        var made = await MakeAsync(3);
        await AssertDeliveredAsync([made[1]]);

        (await FetchAsync("sofia", "sam", made.Select(key => key.Id))).AssertError(HttpStatusCode.BadRequest, NotFound);

        await AssertDeliveredAsync([made[0], made[2]]);
    }

    [Theory]
    [MemberData(nameof(BadIdQueries))]
    public async Task A_bad_query_for_a_key_is_refused(string query)
        => await AssertRefusedAsync("sofia", "sam/dec_keys" + query, null, HttpStatusCode.BadRequest);

    [Theory]
    [MemberData(nameof(BadIdBodies))]
    public async Task A_bad_list_of_IDs_is_refused(string body)
        => await AssertRefusedAsync("sofia", "sam/dec_keys", body, HttpStatusCode.BadRequest);
}
