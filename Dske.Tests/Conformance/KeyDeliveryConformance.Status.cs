using System.Net;

namespace Dske.Tests.Conformance;

/// <content>Get status (clauses 5.1, 6.1).</content>
public abstract partial class KeyDeliveryConformance
{
    [Fact]
    public async Task Status_names_both_KMEs_and_both_SAEs()
    {
        var status = await network.GetAsync("sam", "sofia/status");

        AssertText(status, ("source_KME_ID", "carol"), ("target_KME_ID", "conny"), ("master_SAE_ID", "sam"), ("slave_SAE_ID", "sofia"));
    }

    [Fact]
    public async Task Status_of_two_SAEs_at_one_KME_names_it_twice()
    {
        var kme = network.KmeOf("sunny");

        AssertText(
            await network.GetAsync("sunny", "susan/status"),
            ("source_KME_ID", kme), ("target_KME_ID", kme), ("master_SAE_ID", "sunny"), ("slave_SAE_ID", "susan"));
    }

    [Fact]
    public async Task Status_has_all_the_numbers_and_they_agree()
    {
        var status = (await network.GetAsync("sunny", "susan/status")).Body;

        Assert.Equal(256, Number("key_size"));
        Assert.InRange(Number("key_size"), Number("min_key_size"), Number("max_key_size"));
        Assert.Equal((128, 16_777_216), (Number("min_key_size"), Number("max_key_size")));
        Assert.InRange(Number("stored_key_count"), 1, Number("max_key_count"));
        Assert.True(Number("max_key_per_request") >= 128);
        Assert.True(Number("max_SAE_ID_count") >= 8);

        int Number(string member) => status.GetProperty(member).GetInt32();
    }

    [Fact]
    public async Task Status_consumes_no_key()
    {
        var before = await CountStoredKeysAsync();

        for (var i = 0; i < 100; i++)
        {
            await network.GetAsync("sunny", "sam/status");
        }

        Assert.True(await CountStoredKeysAsync() > before - 50);
    }

    [Fact]
    public async Task Status_of_an_SAE_that_nobody_has_is_a_bad_request()
        => await AssertRefusedAsync("sam", "nobody-at-all/status", null, HttpStatusCode.BadRequest);

    /// <summary>
    /// How many keys sunny and susan can have. Hubs that were slow may still get their share of keys made before: it may sink by a few
    /// without anybody's doing.
    /// </summary>
    private async Task<int> CountStoredKeysAsync() => (await network.GetAsync("sunny", "susan/status")).Body.GetProperty("stored_key_count").GetInt32();

    private static void AssertText(Exchange exchange, params (string Member, string Value)[] wanted)
    {
        Assert.True(exchange.Status == HttpStatusCode.OK, $"{exchange.Request}: {exchange.Status} {exchange.Text}");
        Assert.Equal(wanted, wanted.Select(member => (member.Member, exchange.Body.GetProperty(member.Member).GetString()!)));
    }
}
