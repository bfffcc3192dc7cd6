using Dske.Encryptor.Configuration;
using Dske.Encryptor.Offers;
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

        var result = await responder.AcceptAsync(initiator, offer.Keys, context.RequestAborted);
        return result.Succeeded ? TypedResults.Ok(result.Value) : EncryptorProblems.Of(result, context);
    }

    private static Dictionary<string, string[]> Validate(Offer offer)
    {
        var errors = new Dictionary<string, string[]>();
        if (!SaeId.TryParse(offer.Initiator, out _))
        {
            errors["initiator"] = [$"An SAE ID has 1 to {SaeId.MaxLength} printable characters."];
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

        return errors;
    }
}
