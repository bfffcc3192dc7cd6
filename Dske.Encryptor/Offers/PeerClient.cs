using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Endpoints;
using Dske.Encryptor.Establishment;

namespace Dske.Encryptor.Offers;

/// <summary>Sends offers to peers. An offer is sent once; its client has no retries.</summary>
internal sealed class PeerClient
{
    /// <summary>The largest answer that is read, in bytes: 128 keys take a sixth of it.</summary>
    public const int MaxAnswerBytes = 128 * 1024;

    private const int MaxDetailLength = 512;

    private readonly HttpClient _http;

    public PeerClient(HttpClient http) => _http = http;

    /// <summary>Offers keys to a peer and hears whether it holds them, too.</summary>
    public async Task<ExchangeResult<OfferAnswer>> OfferAsync(Peer peer, Offer offer, CancellationToken cancellationToken)
    {
        try
        {
            // The whole answer is buffered within the client's limits of time and size.
            using var response = await _http.PostAsJsonAsync(OffersOf(peer), offer, OfferJson.Default.Offer, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return await ReadRefusalAsync(response, cancellationToken);
            }

            // Elements can be null however the list is declared.
            var answer = await ReadAsync(response.Content, OfferJson.Default.OfferAnswer, cancellationToken);
            return answer is not null && answer.Keys.All(key => key is not null)
                ? ExchangeResult<OfferAnswer>.Success(answer)
                : ExchangeResult<OfferAnswer>.Fail(ExchangeFailure.PeerBadAnswer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ExchangeResult<OfferAnswer>.Fail(ExchangeFailure.PeerTimedOut);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return ExchangeResult<OfferAnswer>.Fail(ExchangeFailure.PeerBadAnswer);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return ExchangeResult<OfferAnswer>.Fail(ExchangeFailure.PeerUnreachable);
        }
    }

    private static Uri OffersOf(Peer peer) => new(peer.Url, $"encryptor/{Uri.EscapeDataString(peer.SaeId.Value)}/api/v1/offers");

    private static async Task<ExchangeResult<OfferAnswer>> ReadRefusalAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken)
    {
        var problem = await ReadAsync(response.Content, OfferJson.Default.PeerProblem, cancellationToken);
        var detail = problem?.Detail is { } text ? string.Concat(text.Where(c => !char.IsControl(c)).Take(MaxDetailLength)) : null;
        return (response.StatusCode, problem?.Type) switch
        {
            (HttpStatusCode.Conflict, EncryptorProblems.NotConfirmed) => ExchangeResult<OfferAnswer>.Fail(ExchangeFailure.NotConfirmed),
            (HttpStatusCode.ServiceUnavailable, _) => ExchangeResult<OfferAnswer>.Fail(
                ExchangeFailure.PeerUnavailable, detail, response.Headers.RetryAfter?.Delta),
            _ => ExchangeResult<OfferAnswer>.Fail(ExchangeFailure.PeerRefused, detail),
        };
    }

    private static async Task<T?> ReadAsync<T>(HttpContent content, JsonTypeInfo<T> contract, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(await content.ReadAsByteArrayAsync(cancellationToken), contract);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
