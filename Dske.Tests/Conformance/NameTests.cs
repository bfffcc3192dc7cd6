using System.Net;

namespace Dske.Tests.Conformance;

/// <summary>SAE IDs that only come through a path percent-encoded (clause 4: their format is left open).</summary>
[Collection(SharedLoopback.Name)]
[Trait("Tier", "Network")]
public sealed class NameTests(LoopbackKeyDelivery network)
{
    public static TheoryData<string> Names => [.. LoopbackKeyDelivery.OddNames];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_SAE_is_reached_by_whatever_name_it_has(string name)
    {
        var made = (await network.GetAsync("sam", $"{Encode(name)}/enc_keys")).Keys;
        var fetched = (await network.GetAsync(name, $"sam/dec_keys?key_ID={made[0].Id}")).Keys;
        var back = (await network.GetAsync(name, "sam/enc_keys")).Keys;

        Assert.Equal(made[0].Key, fetched[0].Key);
        Assert.Equal(back[0].Key, (await network.GetAsync("sam", $"{Encode(name)}/dec_keys?key_ID={back[0].Id}")).Keys[0].Key);
        Assert.Equal(name, (await network.GetAsync("sofia", $"{Encode(name)}/status")).Body.GetProperty("slave_SAE_ID").GetString());
    }

    [Fact]
    public async Task Names_are_told_apart_by_case_and_to_the_last_blank()
    {
        foreach (var name in (string[])["Sofia", "sofia%20", "%20sofia", "a%20%20b"])
        {
            (await network.GetAsync("sam", $"{name}/enc_keys")).AssertError(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task An_SAE_makes_keys_with_itself_where_the_KME_is_told_to_let_it()
    {
        var made = (await network.GetAsync("susan", "susan/enc_keys")).Keys;

        Assert.Equal(made[0].Key, (await network.GetAsync("susan", $"susan/dec_keys?key_ID={made[0].Id}")).Keys[0].Key);
        (await network.GetAsync("susan", $"susan/dec_keys?key_ID={made[0].Id}")).AssertError(HttpStatusCode.BadRequest);
    }

    private static string Encode(string name) => Uri.EscapeDataString(name);
}
