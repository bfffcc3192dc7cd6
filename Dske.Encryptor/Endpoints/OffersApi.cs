using Dske.Encryptor.Configuration;
using Dske.Encryptor.Offers;
using Dske.Encryptor.Sinks;
using Dske.Protocol.Identifiers;
using Dske.Protocol.KeyConfirmation;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Tls;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Encryptor.Endpoints;

/// <summary>Takes up what peers offer: <c>/encryptor/{sae}/api/v1/offers</c>.</summary>
internal static class OffersApi
{
    public static void MapOffersApi(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/offers", AcceptAsync)
            .StateChanging()
            .RequireRateLimiting(EncryptorLimits.Offers)
            .WithName("OfferKeys")
            .WithSummary("Offer keys to this encryptor")
            .WithDescription(
                "Between encryptors: the initiator names keys and proves that it holds them; this encryptor gets them from its own KME, checks "
                + "the proofs, and answers with its own. An offer that is repeated is refused and changes nothing.")
            .ProducesExchangeProblems()
            .AddOpenApiOperationTransformer(Examples.OfOffer);

    internal static async Task<Results<Ok<OfferAnswer>, ProblemHttpResult>> AcceptAsync(
        Offer offer,
        EncryptorSettings settings,
        OfferResponder responder,
        KeySinks sinks,
        HttpContext context)
    {
        if (Validate(offer) is { Count: > 0 } errors)
        {
            return EncryptorProblems.Invalid(errors);
        }

        // Over TLS a peer's certificate says who it is; without it only the proofs do, later and for the price of keys.
        if (!settings.Peers.TryGetValue(SaeId.Parse(offer.Initiator), out var initiator)
            || (context.GetTlsCaller() is { } caller && !(caller.TryGetSaeId(out var saeId, out _) && saeId == initiator.SaeId)))
        {
            return EncryptorProblems.NoSuchPeer(StatusCodes.Status403Forbidden, offer.Initiator);
        }

        // Before the KME is asked, which hands a key out once.
        KeySink? sink = null;
        if (offer.Sink is not null && !sinks.TryFind(initiator.SaeId, offer.Sink, out sink))
        {
            return EncryptorProblems.NoSuchSink(offer.Sink, initiator.SaeId);
        }

        using var turn = sink?.TryBeginExchange();
        if (sink is not null && turn is null)
        {
            return EncryptorProblems.SinkIsBusy(sink.Name, context);
        }

        var result = await responder.AcceptAsync(initiator, offer.Keys, sink, context.RequestAborted);
        return result.Succeeded ? TypedResults.Ok(result.Value) : EncryptorProblems.Of(result, context);
    }

    private static Dictionary<string, string[]> Validate(Offer offer)
    {
        var errors = new Dictionary<string, string[]>();
        if (!SaeId.TryParse(offer.Initiator, out _))
        {
            errors["initiator"] = [$"An SAE ID has 1 to {SaeId.MaxLength} printable characters."];
        }

        if (offer.Sink is not null && !NodeName.TryParse(offer.Sink, out _))
        {
            errors["sink"] = [$"A key sink is a DNS label, 1 to {NodeName.MaxLength} of a-z, 0-9 and '-'."];
        }

        // Elements can be null however the list is declared.
        if (offer.Keys.Count is < 1 or > Offer.MaxKeys || offer.Keys.Any(key => key is null))
        {
            errors["keys"] = [$"An offer has 1 to {Offer.MaxKeys} keys."];
        }
        else if (offer.Keys.Any(key => key.Proof.Length != ConfirmationProof.Size))
        {
            errors["keys"] = [$"A proof has {ConfirmationProof.Size} bytes."];
        }
        else if (offer.Keys.DistinctBy(key => key.KeyId).Count() != offer.Keys.Count)
        {
            errors["keys"] = ["An offer names no key twice."];
        }
        else if (offer.Sink is not null && offer.Keys.Count != 1)
        {
            errors["keys"] = ["An offer for a key sink has 1 key."];
        }

        return errors;
    }
}
