using System.Net;
using System.Net.Http.Headers;
using Dske.Benchmarks.Load;
using Dske.Protocol.Authentication;
using Dske.Protocol.Clients;

namespace Dske.Benchmarks.Guard;

/// <summary>Sends prepared exchanges to one server, several at a time, and tells what they cost this process: both ends are in it.</summary>
internal sealed class ExchangeSender(Uri server, TimeProvider time) : IDisposable
{
    private const int Concurrency = 4;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private static readonly UriCreationOptions AsSigned = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpMessageInvoker _http = LoadHttp.Create(Concurrency);

    /// <summary>Sends them.</summary>
    /// <param name="exchanges">The exchanges.</param>
    /// <param name="atMost">How long to begin further ones.</param>
    /// <returns>The processor time for each exchange that was made.</returns>
    /// <exception cref="InvalidOperationException">The server refused one.</exception>
    public async Task<TimeSpan> SendAsync(IReadOnlyList<(OutgoingRequest Post, OutgoingRequest Get)> exchanges, TimeSpan atMost)
    {
        var next = -1;
        var made = 0;
        var began = time.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(Enumerable.Range(0, Concurrency).Select(_ => Task.Run(SendNextAsync)));
        return (Environment.CpuUsage.TotalTime - cpu) / made;

        async Task SendNextAsync()
        {
            // One in any case: on a machine that stood still there would be nothing to divide by.
            while (Interlocked.Increment(ref next) is var i && i < exchanges.Count && (i == 0 || time.GetElapsedTime(began) < atMost))
            {
                await SendAsync(exchanges[i].Post);
                await SendAsync(exchanges[i].Get);
                Interlocked.Increment(ref made);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(OutgoingRequest request)
    {
        var url = new Uri($"{server.GetLeftPart(UriPartial.Authority)}/hub/hank/dske/api/v1/{request.Resource}?{request.Query}", AsSigned);
        using var message = new HttpRequestMessage(request.IsPost ? HttpMethod.Post : HttpMethod.Get, url);
        message.Headers.TryAddWithoutValidation(SignatureHeader.Name, request.Signature);
        if (request.IsPost)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body) { Headers = { ContentType = Json } };
        }

        using var response = await _http.SendAsync(message, CancellationToken.None);
        await response.Content.CopyToAsync(Stream.Null);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"The server refuses ({(int)response.StatusCode}): nothing is measured.");
        }
    }
}
