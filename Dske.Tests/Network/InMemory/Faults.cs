using System.Text.Json;
using System.Text.Json.Nodes;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;

namespace Dske.Tests.Network.InMemory;

/// <summary>The faults of a network between clients and hubs: the unlucky ones and the malicious ones.</summary>
internal static class Faults
{
    /// <summary>The message never arrives.</summary>
    public static Fault Unreachable => static (_, _, _) => Task.FromResult<HubResponse?>(null);

    /// <summary>The hub does what was asked, but the answer is lost.</summary>
    public static Fault DropAnswer => static async (_, deliver, _) =>
    {
        await deliver();
        return null;
    };

    /// <summary>Somebody answers in the hub's place, with an error that nobody signed; the hub never sees the message.</summary>
    public static Fault Forge(DskeError error) => (exchange, _, _) => Task.FromResult<HubResponse?>(ErrorWording.Forged(error, exchange));

    /// <summary>The hub does what was asked, but the client gets somebody else's unsigned error.</summary>
    public static Fault ReplaceByForged(DskeError error) => async (exchange, deliver, _) =>
    {
        await deliver();
        return ErrorWording.Forged(error, exchange);
    };

    /// <summary>Somebody answers in the hub's place: a success without a signature.</summary>
    public static Fault Unsign => static async (_, deliver, _) => await deliver() is { } answer ? answer with { Signature = null } : null;

    /// <summary>One bit of the answer's body is flipped; of its signature, when there is no body.</summary>
    public static Fault CorruptAnswer(int position = 0) => async (_, deliver, _) =>
    {
        if (await deliver() is not { } answer)
        {
            return null;
        }

        if (answer.Body.Length == 0)
        {
            return answer with { Signature = FlipBase64(answer.Signature) };
        }

        var body = answer.Body.ToArray();
        body[position % body.Length] ^= 1;
        return answer with { Body = body };
    };

    /// <summary>The answer arrives with another HTTP status.</summary>
    public static Fault Restamp(int status) => async (_, deliver, _) => await deliver() is { } answer ? answer with { Status = status } : null;

    /// <summary>The client's own side fails, as a disk may.</summary>
    public static Fault Fail => static (_, _, _) => throw new IOException("The disk is full.");

    /// <summary>The message waits before the hub until the gate opens.</summary>
    public static Fault HoldMessage(Gate gate) => async (_, deliver, cancellationToken) =>
    {
        await gate.PassAsync(cancellationToken);
        return await deliver();
    };

    /// <summary>The hub does what was asked, and its answer waits until the gate opens.</summary>
    public static Fault HoldAnswer(Gate gate) => async (_, deliver, cancellationToken) =>
    {
        var answer = await deliver();
        await gate.PassAsync(cancellationToken);
        return answer;
    };

    /// <summary>The message takes its time.</summary>
    public static Fault Delay(TimeSpan duration, TimeProvider time) => async (_, deliver, cancellationToken) =>
    {
        await Task.Delay(duration, time, cancellationToken);
        return await deliver();
    };

    /// <summary>Other threads come in between, as they do on a real network.</summary>
    public static Fault Interleave => static async (_, deliver, _) =>
    {
        await Task.Yield();
        var answer = await deliver();
        await Task.Yield();
        return answer;
    };

    /// <summary>Two messages each get the other's answer. The first one waits for the second.</summary>
    public static Fault SwapAnswers()
    {
        var first = new TaskCompletionSource<HubResponse?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new TaskCompletionSource<HubResponse?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = 0;
        return async (_, deliver, cancellationToken) =>
        {
            var (mine, other) = Interlocked.Increment(ref arrived) % 2 == 1 ? (first, second) : (second, first);
            mine.TrySetResult(await deliver());
            return await other.Task.WaitAsync(cancellationToken);
        };
    }

    /// <summary>Every message after the first one is delivered, and gets the first one's answer.</summary>
    public static Fault ReplayFirstAnswer()
    {
        HubResponse? first = null;
        return async (_, deliver, _) =>
        {
            var answer = await deliver();
            return Interlocked.CompareExchange(ref first, answer, null) ?? answer;
        };
    }

    /// <summary>The hub itself is dishonest: it answers what the test wants, and its signature is good.</summary>
    /// <param name="change">What becomes of the honest answer; its signature does not matter.</param>
    public static Fault Lie(Func<HubResponse, HubResponse> change) => async (exchange, deliver, _) =>
    {
        if (await deliver() is not { } honest || !SignatureHeader.TryParse(honest.Signature, out var header))
        {
            return null;
        }

        var lie = change(honest);
        var key = exchange.Hub.Recall(header.SigningKey);
        var signature = new byte[MessageMac.Size];
        if (exchange.IsBound)
        {
            MessageMac.SignBound(key, lie.Body.Span, lie.Status, exchange.Request.Signature, signature);
        }
        else
        {
            MessageMac.Sign(key, default, lie.Body.Span, signature);
        }

        return lie with { Signature = new SignatureHeader(header.Dialect, header.SigningKey, signature).ToString() };
    };

    /// <summary>A dishonest hub that changes one member of its answers.</summary>
    public static Fault LieAbout(string member, JsonNode? value) => Lie(answer =>
    {
        var body = JsonNode.Parse(answer.Body.Span)!.AsObject();
        body[member] = value?.DeepClone();
        return answer with { Body = JsonSerializer.SerializeToUtf8Bytes(body) };
    });

    /// <summary>A dishonest hub that hands out wrong shares, of the right length.</summary>
    public static Fault SpoilShares => OnGet(Lie(static answer =>
    {
        var body = JsonNode.Parse(answer.Body.Span)!.AsObject();
        foreach (var share in SharesIn(body))
        {
            var value = share["encrypted_share_value"]!.GetValue<string>();
            share["encrypted_share_value"] = (value[0] == 'A' ? 'B' : 'A') + value[1..];
        }

        return answer with { Body = JsonSerializer.SerializeToUtf8Bytes(body) };
    }));

    /// <summary>What of an answer holds a share: itself, or the entries of one about several keys.</summary>
    public static IEnumerable<JsonObject> SharesIn(JsonObject body) => (body["shares"] is JsonArray several ? several.OfType<JsonObject>() : [body])
        .Where(share => share.ContainsKey("encrypted_share_value"));

    /// <summary>A dishonest hub that hands out a share of another length under a pad that is as long, as nobody but the hub can. Once for each block.</summary>
    /// <param name="length">The length, in bytes.</param>
    /// <param name="blockSize">How long the hub's blocks are: it takes the pad from their end, where it has not come to yet.</param>
    public static Fault LieAboutLength(int length, int blockSize) => OnGet(Lie(answer =>
    {
        var body = JsonNode.Parse(answer.Body.Span)!.AsObject();
        if (body["encrypted_share_value"] is not null && SignatureHeader.TryParse(answer.Signature, out var header))
        {
            var block = header.SigningKey.Fragments[^1].BlockId;
            body["encrypted_share_value"] = Convert.ToBase64String(new byte[length]);
            body["encryption_key_allocation"] = new JsonObject
            {
                ["fragments"] = new JsonArray(new JsonObject { ["block_uuid"] = block, ["start_byte"] = blockSize - length, ["size"] = length }),
            };
        }

        return answer with { Body = JsonSerializer.SerializeToUtf8Bytes(body) };
    }));

    /// <summary>The fault, for the first message only.</summary>
    public static Fault Once(Fault fault)
    {
        var happened = 0;
        return (exchange, deliver, token) => Interlocked.Exchange(ref happened, 1) == 0 ? fault(exchange, deliver, token) : deliver();
    }

    /// <summary>The fault, for POST key-share only.</summary>
    public static Fault OnPost(Fault fault) => (exchange, deliver, token) => exchange.Request.IsPost ? fault(exchange, deliver, token) : deliver();

    /// <summary>The fault, for GET key-share only.</summary>
    public static Fault OnGet(Fault fault) => (exchange, deliver, token) => exchange.Request.IsPost ? deliver() : fault(exchange, deliver, token);

    /// <summary>Another signature that is spelled as properly: the last bits of its base64 stay zero.</summary>
    private static string? FlipBase64(string? header) => header is null ? null : header[..^9] + (header[^9] == 'A' ? 'B' : 'A') + header[^8..];
}
