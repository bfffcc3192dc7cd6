using System.Net;
using System.Text.Json;

namespace Dske.Tests.Distributed;

/// <summary>
/// How many keys a network makes and delivers with durable storage, and how many in memory. It runs only when asked for, alone and best from a
/// Release build, and asserts nothing but that keys are right:
/// <c>dotnet Dske.Tests/bin/Release/net10.0/Dske.Tests.dll -class Dske.Tests.Distributed.ThroughputComparison -explicit only -showliveoutput</c>.
/// </summary>
[Trait("Tier", "Measurement")]
[Collection(AppHostProcess.Name)]
public sealed class ThroughputComparison(ITestOutputHelper output) : IDisposable
{
    // The two take turns, so that what else the machine does strikes both.
    private const int Turns = 8;

    private const int PairsPerTurn = 300;

    // Until the nodes run code that is compiled for good.
    private const int WarmUpPairs = 3000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact(Explicit = true)]
    public async Task Durable_storage_against_memory()
    {
        await using var memory = await StartAsync("memory", inMemory: true);
        await using var durable = await StartAsync("durable", inMemory: false);
        await MeasureAsync(memory, WarmUpPairs, 16);
        await MeasureAsync(durable, WarmUpPairs, 16);
        foreach (var concurrency in (int[])[16, 1])
        {
            var (inMemory, onDisk) = (TimeSpan.Zero, TimeSpan.Zero);
            for (var turn = 0; turn < Turns; turn++)
            {
                inMemory += await MeasureAsync(memory, PairsPerTurn, concurrency);
                onDisk += await MeasureAsync(durable, PairsPerTurn, concurrency);
            }

            var (rateInMemory, rateOnDisk) = (Turns * PairsPerTurn / inMemory.TotalSeconds, Turns * PairsPerTurn / onDisk.TotalSeconds);
            output.WriteLine(
                $"{concurrency} at a time: {rateInMemory:F1} keys a second in memory, {rateOnDisk:F1} on disk: {rateOnDisk / rateInMemory:P0}");
        }
    }

    private async Task<DistributedApplication> StartAsync(string name, bool inMemory)
    {
        var topology = Path.Combine(_directory.FullName, name + ".yaml");
        await File.WriteAllTextAsync(
            topology,
            """
            hubs: [{name: hank}, {name: helen}, {name: hilary}, {name: holly}, {name: hugo}]
            clients:
              - {name: carol, encryptors: [{name: sam}]}
              - {name: conny, encryptors: [{name: sofia}]}
            """,
            Cancellation);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Dske_AppHost>(
            ["--topology", topology, "--data", Path.Combine(_directory.FullName, name), "--no-console"], Cancellation);
        builder.Configuration["Dske:Storage:InMemory"] = inMemory ? "true" : "false";
        foreach (var node in builder.Resources.OfType<ProjectResource>())
        {
            // Otherwise it takes minutes until nodes are as fast as they get.
            node.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
            {
                context.EnvironmentVariables["DOTNET_TieredPGO"] = "0";
                context.EnvironmentVariables["DOTNET_TC_CallCountingDelayMs"] = "0";
            }));
        }

        var application = await builder.BuildAsync(Cancellation);
        await application.StartAsync(Cancellation);
        foreach (var client in (string[])["carol", "conny"])
        {
            await application.ResourceNotifications.WaitForResourceHealthyAsync(client, Cancellation);
        }

        return application;
    }

    /// <summary>Makes keys of 256 bits one by one and delivers them at both ends.</summary>
    private static async Task<TimeSpan> MeasureAsync(DistributedApplication application, int pairs, int concurrency)
    {
        using var carol = ClientOf(application, "carol", "sam");
        using var conny = ClientOf(application, "conny", "sofia");
        var began = TimeProvider.System.GetTimestamp();
        var left = pairs;
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var made = await GetKeyAsync(carol, "sofia/enc_keys?number=1&size=256");
                var fetched = await GetKeyAsync(conny, $"sam/dec_keys?key_ID={made.Id}");
                Assert.Equal(made, fetched);
            }
        }));
        return TimeProvider.System.GetElapsedTime(began);
    }

    private static HttpClient ClientOf(DistributedApplication application, string name, string sae)
    {
        var client = application.CreateHttpClient(name);
        client.BaseAddress = new Uri(client.BaseAddress!, $"/client/{name}/etsi/api/v1/keys/");
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", sae);
        return client;
    }

    private static async Task<(string? Id, string? Key)> GetKeyAsync(HttpClient client, string request)
    {
        while (true)
        {
            using var answer = await client.GetAsync(request, Cancellation);
            var body = await answer.Content.ReadAsStringAsync(Cancellation);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                Assert.True(answer.IsSuccessStatusCode, body);
                var key = JsonElement.Parse(body).GetProperty("keys")[0];
                return (key.GetProperty("key_ID").GetString(), key.GetProperty("key").GetString());
            }

            // Too busy to answer in time: what that costs counts.
        }
    }
}
