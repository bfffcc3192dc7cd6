using System.Net;
using System.Text.Json;

namespace Dske.Tests.Conformance;

/// <content>Keys for several slaves (clauses 5.3, 6.2).</content>
public abstract partial class KeyDeliveryConformance
{
    private static readonly string[] Additional = ["serena", "sunny", "susan", "carol", "celia", "cindy", "conny", "curtis"];

    /// <summary>Lists of additional slaves that are refused.</summary>
    public static TheoryData<string> BadSlaves => new()
    {
        "[]", """[""]""", """[" "]""", """["serena","serena"]""", """["sofia"]""", """["serena","sofia"]""", """["sam"]""", """[null]""", """[7]""", """["a\u0000b"]""", "\"serena\"", "{}",
        JsonSerializer.Serialize(Enumerable.Range(0, 300).Select(i => $"sae-{i}")), JsonSerializer.Serialize(new[] { new string('s', 256) }),
    };

    [Fact]
    public async Task Every_slave_gets_the_identical_keys_once()
    {
        var made = (await network.PostAsync("sam", "sofia/enc_keys", BodyFor(2, Additional))).Keys;

        Assert.Equal(2, made.Count);
        foreach (var slave in Additional.Append("sofia"))
        {
            await AssertDeliveredAsync(made, slave);
            (await FetchAsync(slave, "sam", made[0].Id)).AssertError(HttpStatusCode.BadRequest, NotFound);
        }
    }

    [Fact]
    public async Task Slaves_fetch_in_any_order_and_one_at_a_time()
    {
        var made = (await network.PostAsync("sam", "sofia/enc_keys", BodyFor(2, ["sunny"]))).Keys;

        await AssertDeliveredAsync([made[1]], "sunny");
        await AssertDeliveredAsync(made);
        await AssertDeliveredAsync([made[0]], "sunny");
        (await FetchAsync("sunny", "sam", made[1].Id)).AssertError(HttpStatusCode.BadRequest, NotFound);
    }

    [Fact]
    public async Task Whoever_is_not_among_several_slaves_is_not_entitled()
    {
        var made = (await network.PostAsync("sam", "sofia/enc_keys", BodyFor(1, ["sunny"]))).Keys;

        (await FetchAsync("susan", "sam", made[0].Id)).AssertError(HttpStatusCode.Unauthorized);
        (await FetchAsync("sam", "sofia", made[0].Id)).AssertError(HttpStatusCode.Unauthorized);

        await AssertDeliveredAsync(made, "sunny");
        await AssertDeliveredAsync(made);
    }

    [Fact]
    public async Task An_additional_slave_that_nobody_has_is_a_bad_request()
        => await AssertRefusedAsync("sam", "sofia/enc_keys", BodyFor(1, ["sunny", "nobody-at-all"]), HttpStatusCode.BadRequest);

    [Fact]
    public async Task More_additional_slaves_than_the_status_says_are_refused()
    {
        var most = (await network.GetAsync("sunny", "susan/status")).Body.GetProperty("max_SAE_ID_count").GetInt32();

        await AssertRefusedAsync("sunny", "susan/enc_keys", BodyFor(1, Enumerable.Range(0, most + 1).Select(i => $"sae-{i}")), HttpStatusCode.BadRequest);
    }

    [Theory]
    [MemberData(nameof(BadSlaves))]
    public async Task A_bad_list_of_additional_slaves_is_refused(string slaves)
        => await AssertRefusedAsync("sam", "sofia/enc_keys", $$"""{"additional_slave_SAE_IDs":{{slaves}}}""", HttpStatusCode.BadRequest);

    private static string BodyFor(int number, IEnumerable<string> slaves) => JsonSerializer.Serialize(new { number, additional_slave_SAE_IDs = slaves });
}
