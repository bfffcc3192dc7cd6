using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;

namespace Dske.Benchmarks.Load;

/// <summary>Makes keys over one route, one exchange after the other: fresh keys for the master, then the same for the slave, then a comparison.</summary>
internal sealed class LoadWorker : IDisposable
{
    // Whoever is refused at once would otherwise ask as fast as the machine allows.
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(20);

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly LoadPlan _plan;
    private readonly KeyRoute _route;
    private readonly TimeProvider _time;
    private readonly KeyCaller _caller;
    private readonly SecretBufferWriter _made = new();
    private readonly SecretBufferWriter _fetched = new();
    private readonly ArrayBufferWriter<byte> _ids = new();
    private readonly byte[] _wanted;
    private readonly Uri _freshKeys;
    private readonly Uri _knownKeys;

    public LoadWorker(LoadPlan plan, KeyRoute route, HttpMessageInvoker http, TimeProvider time)
    {
        (_plan, _route, _time) = (plan, route, time);
        _caller = new KeyCaller(http, plan.Timeout);
        _wanted = JsonSerializer.SerializeToUtf8Bytes(
            new KeyRequest { Number = plan.Number, Size = plan.SizeBits }, KeyDeliveryJson.Default.KeyRequest);
        _freshKeys = route.FreshKeys(plan.Posts ? "" : $"number=1&size={plan.SizeBits}");
        _knownKeys = route.KnownKeys("");
    }

    public void Dispose()
    {
        _caller.Dispose();
        _made.Dispose();
        _fetched.Dispose();
    }

    /// <summary>Makes keys for as long as it is let.</summary>
    /// <param name="mayBegin">Asked before each exchange; what is under way is always finished.</param>
    /// <param name="tally">Counts.</param>
    public async Task RunAsync(Func<bool> mayBegin, LoadTally tally)
    {
        while (mayBegin())
        {
            var began = _time.GetTimestamp();
            if (await ExchangeAsync(tally, began) is { } error)
            {
                tally.AddError(error);
                await Task.Delay(PauseAfterError, _time);
            }
        }
    }

    private async Task<string?> ExchangeAsync(LoadTally tally, long began)
    {
        if (await _caller.SendAsync(CreateFreshKeysRequest(), _route.Master.Value, _made) is { } refusal)
        {
            return $"enc_keys {refusal}";
        }

        if (!KeyAnswer.TryRead(_made.WrittenSpan, _plan.Number, out var made))
        {
            return "enc_keys malformed";
        }

        using (made)
        {
            if (made.Keys.Count != _plan.Number || made.Keys.Any(key => key.SizeBits != _plan.SizeBits))
            {
                return "enc_keys malformed";
            }

            refusal = await _caller.SendAsync(CreateKnownKeysRequest(made), _route.Slave.Value, _fetched);
            if (refusal is not null)
            {
                return $"dec_keys {refusal}";
            }

            if (!KeyAnswer.TryRead(_fetched.WrittenSpan, _plan.Number, out var fetched))
            {
                return "dec_keys malformed";
            }

            // The keys are there for both; to compare them is no part of the exchange.
            var latency = _time.GetElapsedTime(began);
            using (fetched)
            {
                var unequal = KeyAnswer.CountUnequal(made, fetched);
                if (unequal > 0)
                {
                    tally.AddUnequal(unequal);
                }
                else
                {
                    tally.AddExchange(_plan.Number, latency);
                }
            }
        }

        return null;
    }

    private HttpRequestMessage CreateFreshKeysRequest() =>
        _plan.Posts ? CreatePost(_freshKeys, _wanted) : new HttpRequestMessage(HttpMethod.Get, _freshKeys);

    private HttpRequestMessage CreateKnownKeysRequest(KeyContainer made)
    {
        if (!_plan.Posts)
        {
            return new HttpRequestMessage(HttpMethod.Get, _route.KnownKeys($"key_ID={made.Keys[0].KeyId}"));
        }

        _ids.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_ids, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("key_IDs"u8);
            foreach (var key in made.Keys)
            {
                json.WriteStartObject();
                json.WriteString("key_ID"u8, key.KeyId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return CreatePost(_knownKeys, _ids.WrittenMemory);
    }

    private static HttpRequestMessage CreatePost(Uri uri, ReadOnlyMemory<byte> body) =>
        new(HttpMethod.Post, uri) { Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } } };
}
