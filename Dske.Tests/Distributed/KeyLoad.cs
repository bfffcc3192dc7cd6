using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Dske.Tests.Distributed;

/// <summary>
/// Keys that several pairs make all the time, over encryptors and over key delivery, while nodes come and go. That a key comes to nothing is
/// to be expected; a wrong key never is, nor an answer that says that something is wrong with a node.
/// </summary>
internal sealed class KeyLoad(NetworkFixture network, CancellationToken cancellationToken)
{
    // Nodes that start again are to get some of the machine.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(300);

    // Who answers at all answers long before.
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(30);

    private static readonly (string Encryptor, string Peer)[] EncryptorPairs = [("sam", "sofia"), ("serena", "sunny"), ("sofia", "susan"), ("susan", "serena")];

    private static readonly (string Client, string Sae, string PeerClient, string Peer)[] DeliveryPairs =
        [("carol", "sam", "conny", "sofia"), ("celia", "serena", "curtis", "sunny"), ("curtis", "susan", "carol", "sam")];

    private readonly ConcurrentQueue<string> _violations = new();
    private volatile bool _isStopping;
    private int _confirmed;
    private int _compared;
    private int _failed;

    /// <summary>What must not happen, one sentence each.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>Keys that two encryptors proved to hold both.</summary>
    public int Confirmed => _confirmed;

    /// <summary>Keys that two clients delivered and that were equal.</summary>
    public int Compared => _compared;

    /// <summary>Attempts that came to nothing.</summary>
    public int Failed => _failed;

    /// <summary>Makes keys until <see cref="Stop"/> is called; then what is under way is finished.</summary>
    public Task RunAsync() => Task.WhenAll(
    [
        .. EncryptorPairs.Select(pair => RepeatAsync($"{pair.Encryptor} → {pair.Peer}", token => EstablishAsync(pair.Encryptor, pair.Peer, token))),
        .. DeliveryPairs.Select(pair => RepeatAsync($"{pair.Client} → {pair.PeerClient}", token => DeliverAsync(pair.Client, pair.Sae, pair.PeerClient, pair.Peer, token))),
    ]);

    public void Stop() => _isStopping = true;

    /// <summary>Waits until so many more keys were made.</summary>
    public async Task WaitForKeysAsync(int count)
    {
        for (var wanted = Confirmed + Compared + count; Confirmed + Compared < wanted;)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private async Task RepeatAsync(string pair, Func<CancellationToken, Task<bool>> attempt)
    {
        while (!_isStopping)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(AttemptTimeout);
            var isMade = false;
            try
            {
                isMade = await attempt(timeout.Token);
            }
            catch (HttpRequestException)
            {
                // Whom it asked was killed.
                Interlocked.Increment(ref _failed);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                _violations.Enqueue($"{pair}: no answer in {AttemptTimeout}");
            }

            await Task.Delay(isMade ? Pause : PauseAfterFailure, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<bool> EstablishAsync(string encryptor, string peer, CancellationToken token)
    {
        using var answer = await network.PostKeysAsync(encryptor, peer, token);
        var body = await answer.Content.ReadAsStringAsync(token);
        if (answer.IsSuccessStatusCode && JsonElement.Parse(body).GetProperty("confirmed").GetBoolean())
        {
            Interlocked.Increment(ref _confirmed);
            return true;
        }

        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
        {
            Interlocked.Increment(ref _failed);
        }
        else
        {
            // 409 above all: the two did not get the same key.
            _violations.Enqueue($"{encryptor} → {peer}: {(int)answer.StatusCode} {body}");
        }

        return false;
    }

    private async Task<bool> DeliverAsync(string client, string sae, string peerClient, string peer, CancellationToken token)
    {
        var (status, made) = await network.GetKeysAsync(client, sae, $"{peer}/enc_keys?size=256", token);
        if (!IsDelivered(status, made, $"{client}, enc_keys for {peer}"))
        {
            return false;
        }

        var key = made.GetProperty("keys")[0];
        (status, var fetched) = await network.GetKeysAsync(peerClient, peer, $"{sae}/dec_keys?key_ID={key.GetProperty("key_ID").GetString()}", token);
        if (!IsDelivered(status, fetched, $"{peerClient}, dec_keys from {sae}"))
        {
            return false;
        }

        if (key.GetProperty("key").GetString() == fetched.GetProperty("keys")[0].GetProperty("key").GetString())
        {
            Interlocked.Increment(ref _compared);
            return true;
        }

        _violations.Enqueue($"{client} → {peerClient}: {key.GetProperty("key_ID")} is another key at the other end");
        return false;
    }

    private bool IsDelivered(HttpStatusCode status, JsonElement body, string what)
    {
        if (status == HttpStatusCode.OK)
        {
            return true;
        }

        Interlocked.Increment(ref _failed);
        if (status is not (HttpStatusCode.BadRequest or HttpStatusCode.ServiceUnavailable))
        {
            _violations.Enqueue($"{what}: {(int)status} {body}");
        }

        return false;
    }
}
