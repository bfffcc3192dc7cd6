using System.Net;
using System.Text.Json;
using Dske.Client.Audit;
using Dske.Storage.Lines;
using Dske.Tests.Unit.Storage.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dske.Tests.Network;

/// <summary>What both clients of a network write down of the keys that they hand out, and what they do when they cannot.</summary>
[Trait("Tier", "Network")]
public sealed class AuditedDeliveryTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dske-tests-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Both_clients_write_down_who_got_which_key_and_who_was_refused()
    {
        var written = new List<byte[]>();
        await using (var network = await LoopbackNetwork.StartAsync(data: _data.FullName))
        {
            var (id, key) = await network.DeliverAsync(192);
            written.Add(key);
            Assert.Equal(HttpStatusCode.BadRequest, await GetAsync(network.Conny, "sofia", $"sam/dec_keys?key_ID={id}"));
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(network.Conny, "nobody", $"sam/dec_keys?key_ID={id}"));

            Assert.Equal([$"enc_keys sam [\"sofia\"] {id} 192 ok"], Read("carol"));
            Assert.Equal([$"dec_keys sofia [\"sam\"] {id} 192 ok", $"dec_keys sofia [\"sam\"] {id}  not-found", "dec_keys     unauthorized"], Read("conny"));
        }

        var search = new SecretSearch();
        written.ForEach(key => search.Add(key));
        Assert.Equal([], Directory.GetFiles(_data.FullName, "*.jsonl", SearchOption.AllDirectories).SelectMany(file => search.Find(File.ReadAllText(file))));
    }

    [Fact]
    public async Task A_key_that_cannot_be_written_down_is_not_handed_out()
    {
        var power = new Power(new Random(1));
        await using var network = await LoopbackNetwork.StartAsync(clientServices: services => services.Replace(ServiceDescriptor.Singleton(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            return new AuditTrail(new DailyLines(new SimulatedDisk(power, new Random(1)), flushes: false, time), time, NullLogger<AuditTrail>.Instance);
        })));
        var (id, key) = await network.MakeAsync();

        power.FailsAt = _ => true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(network.Carol, "sam", "sofia/enc_keys"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(network.Carol, "sam", "/key?remoteSystemID=conny"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(network.Conny, "sofia", $"sam/dec_keys?key_ID={id}"));
        power.FailsAt = _ => false;

        // What was not handed out is not lost, and is handed out once.
        Assert.Equal(key, await network.FetchAsync(id));
        Assert.Equal(HttpStatusCode.BadRequest, await GetAsync(network.Conny, "sofia", $"sam/dec_keys?key_ID={id}"));
        await network.DeliverAsync();
    }

    [Fact]
    public async Task Keys_over_SKIP_are_written_down_too()
    {
        await using (var network = await LoopbackNetwork.StartAsync(data: _data.FullName))
        {
            await network.DeliverOverSkipAsync();
            Assert.Equal(HttpStatusCode.BadRequest, await GetAsync(network.Conny, "sofia", "/key/bc4904197d60487fadc14ddcc177c139?remoteSystemID=carol"));

            Assert.Matches(@"^skip_key  \[""conny""\] [0-9a-f-]{36} 256 ok$", Assert.Single(Read("carol")));
            Assert.Collection(
                Read("conny"),
                line => Assert.Matches(@"^skip_key_by_id  \[""carol""\] [0-9a-f-]{36} 256 ok$", line),
                line => Assert.Equal("skip_key_by_id  [\"carol\"] bc490419-7d60-487f-adc1-4ddcc177c139  not-found", line));
        }
    }

    private static async Task<HttpStatusCode> GetAsync(LoopbackNode<Dske.Client.Hosting.ClientOptions> client, string sae, string request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, request[0] == '/' ? request : "/api/v1/keys/" + request);
        message.Headers.TryAddWithoutValidation("Authorization", sae);
        using var answer = await client.Client.SendAsync(message, Cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            Assert.DoesNotContain("\"key\"", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        return answer.StatusCode;
    }

    private IEnumerable<string> Read(string client)
    {
        using var file = new FileStream(
            Assert.Single(Directory.GetFiles(Path.Combine(_data.FullName, client, "audit"))), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return [.. reader.ReadToEnd().TrimEnd('\n').Split('\n').Select(line => JsonElement.Parse(line)).Select(line =>
            $"{line.GetProperty("operation")} {Text(line, "caller")} {Text(line, "others")} {KeyOf(line, "key_ID")} {KeyOf(line, "size")} {line.GetProperty("outcome")}")];

        static string Text(JsonElement line, string member) => line.TryGetProperty(member, out var value) ? value.ToString() : string.Empty;
        static string KeyOf(JsonElement line, string member) => line.TryGetProperty("keys", out var keys) ? Text(keys[0], member) : string.Empty;
    }
}
