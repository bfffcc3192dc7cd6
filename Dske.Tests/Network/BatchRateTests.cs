using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Dske.Tests.Network;

/// <summary>Many keys in one request cost far less than as many requests.</summary>
[Trait("Tier", "Network")]
public sealed class BatchRateTests(ITestOutputHelper output)
{
    private const int Rounds = 15;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_for_128_keys_takes_less_than_ten_times_as_long_as_for_one()
    {
        await using var network = await LoopbackNetwork.StartAsync();
        await RunAsync(network, 1);
        await RunAsync(network, 128);

        var (one, many) = (new List<double>(), new List<double>());
        for (var i = 0; i < Rounds; i++)
        {
            // In turns, so that what else goes on meets both.
            one.Add(await RunAsync(network, 1));
            many.Add(await RunAsync(network, 128));
        }

        var (median, medianOfMany) = (Median(one), Median(many));
        output.WriteLine($"One key: {median:0.0} ms. 128 keys: {medianOfMany:0.0} ms, {medianOfMany / median:0.0} times as long.");
        Assert.True(medianOfMany < 10 * median, $"128 keys took {medianOfMany:0.0} ms, one took {median:0.0} ms.");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Makes keys at one KME and fetches them at the other.</summary>
    /// <returns>How long both took, in milliseconds.</returns>
    private static async Task<double> RunAsync(LoopbackNetwork network, int number)
    {
        var began = Stopwatch.GetTimestamp();
        var made = await SendAsync(network.Carol.Client, "sam", "sofia/enc_keys", new { number });
        var ids = made.GetProperty("keys").EnumerateArray().Select(key => new { key_ID = key.GetProperty("key_ID").GetString() }).ToList();
        var fetched = await SendAsync(network.Conny.Client, "sofia", "sam/dec_keys", new { key_IDs = ids });
        var elapsed = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        Assert.Equal(number, fetched.GetProperty("keys").GetArrayLength());
        Assert.Equal(made.GetProperty("keys").ToString(), fetched.GetProperty("keys").ToString());
        return elapsed;
    }

    private static async Task<JsonElement> SendAsync(HttpClient client, string sae, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/keys/" + path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", sae);
        using var answer = await client.SendAsync(request, Cancellation);
        answer.EnsureSuccessStatusCode();
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
