using System.Globalization;
using Dske.Encryptor.Establishment;
using Dske.Protocol.Identifiers;
using Dske.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Dske.Encryptor.Endpoints;

/// <summary>The problems of an encryptor: their stable types, and the one place where a failure gets its status.</summary>
internal static class EncryptorProblems
{
    public const string UnknownEncryptor = ProblemTypes.Prefix + "unknown-encryptor";
    public const string UnknownPeer = ProblemTypes.Prefix + "unknown-peer";
    public const string InvalidRequest = ProblemTypes.Prefix + "invalid-request";
    public const string Busy = ProblemTypes.Prefix + "busy";
    public const string KmeRefused = ProblemTypes.Prefix + "kme-refused";
    public const string KmeUnauthorized = ProblemTypes.Prefix + "kme-unauthorized";
    public const string KmeUnavailable = ProblemTypes.Prefix + "kme-unavailable";
    public const string KmeBadAnswer = ProblemTypes.Prefix + "kme-bad-answer";
    public const string KmeUnreachable = ProblemTypes.Prefix + "kme-unreachable";
    public const string KmeTimedOut = ProblemTypes.Prefix + "kme-timed-out";
    public const string PeerRefused = ProblemTypes.Prefix + "peer-refused";
    public const string PeerUnavailable = ProblemTypes.Prefix + "peer-unavailable";
    public const string PeerBadAnswer = ProblemTypes.Prefix + "peer-bad-answer";
    public const string PeerUnreachable = ProblemTypes.Prefix + "peer-unreachable";
    public const string PeerTimedOut = ProblemTypes.Prefix + "peer-timed-out";
    public const string NotConfirmed = ProblemTypes.Prefix + "key-not-confirmed";
    public const string KeyIdKnown = ProblemTypes.Prefix + "key-id-known";
    public const string KeyUnfit = ProblemTypes.Prefix + "key-unfit";
    public const string UnknownSink = ProblemTypes.Prefix + "unknown-sink";

    public const string UnknownLink = ProblemTypes.Prefix + "unknown-link";
    public const string UnknownTunnel = ProblemTypes.Prefix + "unknown-tunnel";
    public const string LinkDrivenByPeer = ProblemTypes.Prefix + "link-driven-by-peer";
    public const string LinkDrivenHere = ProblemTypes.Prefix + "link-driven-here";
    public const string LinkInUse = ProblemTypes.Prefix + "link-in-use";
    public const string LinkInstance = ProblemTypes.Prefix + "link-instance";
    public const string LinkReplayed = ProblemTypes.Prefix + "link-replayed";
    public const string LinkDown = ProblemTypes.Prefix + "link-down";
    public const string LinkLimited = ProblemTypes.Prefix + "link-limited";
    public const string NotUpgraded = ProblemTypes.Prefix + "not-upgraded";
    public const string TunnelNotMade = ProblemTypes.Prefix + "tunnel-not-made";
    public const string NotKept = ProblemTypes.Prefix + "not-kept";

    /// <summary>What to wait where nobody said how long.</summary>
    public static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Declares what can go wrong with an exchange, besides the refusals that come with the route's guards.</summary>
    public static RouteHandlerBuilder ProducesExchangeProblems(this RouteHandlerBuilder route) => route
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status502BadGateway)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .ProducesProblem(StatusCodes.Status504GatewayTimeout);

    /// <summary>The answer to an exchange that came to nothing.</summary>
    public static ProblemHttpResult Of<T>(ExchangeResult<T> result, HttpContext context)
        where T : class
    {
        var (status, type, _) = Describe(result.Failure);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            SetRetryAfter(context.Response, result.RetryAfter ?? DefaultRetryAfter);
        }

        return TypedResults.Problem(new ProblemDetails
        {
            Status = status,
            Type = type,
            Detail = Say(result),
            Extensions = { ["confirmed"] = false },
        });
    }

    /// <summary>A request whose values are wrong: every problem at once, by member.</summary>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) =>
        TypedResults.Problem(new HttpValidationProblemDetails(errors)
        {
            Status = StatusCodes.Status400BadRequest,
            Type = InvalidRequest,
            Title = "Bad Request",
            Detail = "Some values are not what this route expects.",
        });

    /// <summary>A peer that the configuration does not name.</summary>
    public static ProblemHttpResult NoSuchPeer(int status, string saeId) => TypedResults.Problem(
        $"'{saeId}' is no peer of this encryptor: peers are configured under Dske:Encryptor:Peers.",
        statusCode: status,
        type: UnknownPeer);

    /// <summary>The answer to an offer for a sink that this encryptor does not have with that peer.</summary>
    public static ProblemHttpResult NoSuchSink(string sink, SaeId peer) => TypedResults.Problem(
        $"'{sink}' is no key sink of this encryptor with '{peer}': sinks are configured under Dske:Encryptor:Sinks. Nothing was changed.",
        statusCode: StatusCodes.Status404NotFound,
        type: UnknownSink);

    /// <summary>The answer to an offer for a sink that is in another exchange.</summary>
    public static ProblemHttpResult SinkIsBusy(string sink, HttpContext context)
    {
        SetRetryAfter(context.Response, DefaultRetryAfter);
        return TypedResults.Problem(
            $"The key sink '{sink}' is in another exchange right now. Nothing was changed.",
            statusCode: StatusCodes.Status503ServiceUnavailable,
            type: Busy);
    }

    /// <summary>Names the time after which a request may do better, in whole seconds, at least one.</summary>
    public static void SetRetryAfter(HttpResponse response, TimeSpan delay) =>
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>An exchange that came to nothing, in words.</summary>
    public static string Say<T>(ExchangeResult<T> result)
        where T : class
    {
        var (_, _, detail) = Describe(result.Failure);
        return result.Detail is null ? detail : $"{detail} It says: {result.Detail}";
    }

    private static (int Status, string Type, string Detail) Describe(ExchangeFailure failure) => failure switch
    {
        ExchangeFailure.KmeRefused => (400, KmeRefused, "The KME refused the request."),
        ExchangeFailure.KmeUnauthorized => (403, KmeUnauthorized, "The KME does not let this encryptor have these keys."),
        ExchangeFailure.KmeUnavailable => (503, KmeUnavailable, "The KME cannot deliver keys right now."),
        ExchangeFailure.KmeBadAnswer => (502, KmeBadAnswer, "The KME gave an answer that is not key delivery."),
        ExchangeFailure.KmeUnreachable => (503, KmeUnreachable, "The KME cannot be reached."),
        ExchangeFailure.KmeTimedOut => (504, KmeTimedOut, "The KME did not answer in time."),
        ExchangeFailure.PeerRefused => (502, PeerRefused, "The peer did not take up the offer."),
        ExchangeFailure.PeerUnavailable => (503, PeerUnavailable, "The peer cannot get keys right now."),
        ExchangeFailure.PeerBadAnswer => (502, PeerBadAnswer, "The peer gave an answer that is none to an offer."),
        ExchangeFailure.PeerUnreachable => (502, PeerUnreachable, "The peer cannot be reached."),
        ExchangeFailure.PeerTimedOut => (504, PeerTimedOut, "The peer did not answer in time."),
        ExchangeFailure.NotConfirmed => (409, NotConfirmed, "The two encryptors do not hold the same key. It was discarded."),
        ExchangeFailure.KeyIdKnown => (409, KeyIdKnown, "A key ID is known here already. Nothing was changed."),
        ExchangeFailure.KeyUnfit => (409, KeyUnfit, "The key has not the size that its sink takes. It was discarded."),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "This failure has no status yet."),
    };
}
