using System.Globalization;
using System.Net;
using Dske.Protocol.Secrets;

namespace Dske.Benchmarks.Load;

/// <summary>Sends the requests of one worker, one at a time, and reads their answers.</summary>
internal sealed class KeyCaller(HttpMessageInvoker http, TimeSpan timeout) : IDisposable
{
    // 16 MiB of keys in base64, their IDs, and some room.
    private const int MaxAnswerBytes = 24 * 1024 * 1024;

    private CancellationTokenSource _limit = new();

    public void Dispose() => _limit.Dispose();

    /// <summary>Sends a request.</summary>
    /// <param name="request">The request; it is disposed.</param>
    /// <param name="caller">The SAE that asks.</param>
    /// <param name="body">Where the answer's body goes; what it held is zeroed.</param>
    /// <returns>Null for an answer 200, else what went wrong: a status, <c>timeout</c>, <c>unreachable</c> or <c>too long</c>.</returns>
    public async Task<string?> SendAsync(HttpRequestMessage request, string caller, SecretBufferWriter body)
    {
        body.Clear();
        if (!_limit.TryReset())
        {
            _limit.Dispose();
            _limit = new CancellationTokenSource();
        }

        _limit.CancelAfter(timeout);
        try
        {
            using (request)
            {
                request.Headers.TryAddWithoutValidation("Authorization", caller);
                using var response = await http.SendAsync(request, _limit.Token);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
                }

                await using var stream = await response.Content.ReadAsStreamAsync(_limit.Token);
                return await body.TryReadToEndAsync(stream, MaxAnswerBytes, _limit.Token) ? null : "too long";
            }
        }
        catch (OperationCanceledException)
        {
            return "timeout";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return "unreachable";
        }
    }
}
