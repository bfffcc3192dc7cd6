using Dske.Encryptor.Configuration;
using Dske.Encryptor.Establishment;
using Dske.Protocol.Identifiers;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Encryptor.Endpoints;

/// <summary>Establishes keys with peers and lists them: <c>/encryptor/{sae}/api/v1/keys</c>.</summary>
internal static class KeysApi
{
    private const int MaxBodyBytes = 4 * 1024;

    public static void MapKeysApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/keys", EstablishAsync)
            .StateChanging()
            .MaxRequestBody(MaxBodyBytes)
            .RequireRateLimiting(EncryptorLimits.Establishments)
            .WithName("EstablishKeys")
            .WithSummary("Establish keys with a peer")
            .WithDescription(
                "Gets fresh keys from the KME, has the peer get the same keys from its own, and lets both prove to each other that they hold "
                + "them. All keys are confirmed, or none is kept. The keys themselves are never shown.")
            .ProducesExchangeProblems()
            .AddOpenApiOperationTransformer(Examples.OfEstablishment);

        routes.MapGet("/keys", List)
            .WithName("ListKeys")
            .WithSummary("List the established keys")
            .WithDescription(
                "The latest 1000 keys of this encryptor, established by it or offered to it, the latest first. A restart forgets them.");
    }

    internal static async Task<Results<Ok<EstablishResponse>, ProblemHttpResult>> EstablishAsync(
        EstablishRequest request,
        EncryptorSettings settings,
        KeyInitiator initiator,
        HttpContext context)
    {
        if (Validate(request) is { Count: > 0 } errors)
        {
            return EncryptorProblems.Invalid(errors);
        }

        if (!settings.Peers.TryGetValue(SaeId.Parse(request.Peer), out var peer))
        {
            return EncryptorProblems.NoSuchPeer(StatusCodes.Status404NotFound, request.Peer);
        }

        var result = await initiator.EstablishAsync(peer, request.Number, request.Size, context.RequestAborted);
        return result.Succeeded ? TypedResults.Ok(Describe(peer, result.Value)) : EncryptorProblems.Of(result, context);
    }

    internal static Ok<KeyList> List(KeyStore store) => TypedResults.Ok(new KeyList
    {
        Keys =
        [
            .. store.List().Select(key => new KeyListEntry
            {
                Peer = key.Peer.Value,
                Role = key.Role,
                KeyId = key.KeyId,
                Size = key.SizeBits,
                Fingerprint = key.Fingerprint,
                Confirmed = true,
                EstablishedAt = key.EstablishedAt,
            }),
        ],
    });

    private static Dictionary<string, string[]> Validate(EstablishRequest request)
    {
        var errors = new Dictionary<string, string[]>();
        if (!SaeId.TryParse(request.Peer, out _))
        {
            errors["peer"] = [$"An SAE ID has 1 to {SaeId.MaxLength} printable characters."];
        }

        if (request.Size is < EstablishRequest.MinSizeBits or > EstablishRequest.MaxSizeBits || request.Size % 8 != 0)
        {
            errors["size"] = [$"A key has {EstablishRequest.MinSizeBits} to {EstablishRequest.MaxSizeBits} bits, a multiple of 8."];
        }

        if (request.Number is < 1 or > Offers.Offer.MaxKeys)
        {
            errors["number"] = [$"One request establishes 1 to {Offers.Offer.MaxKeys} keys."];
        }

        return errors;
    }

    private static EstablishResponse Describe(Peer peer, EstablishedKeys established) => new()
    {
        Peer = peer.SaeId.Value,
        Confirmed = true,
        Keys =
        [
            .. established.Keys.Select(key => new EstablishedKeySummary
            {
                KeyId = key.KeyId,
                Size = key.SizeBits,
                Fingerprint = key.Fingerprint,
                Confirmed = true,
            }),
        ],
        ElapsedMilliseconds = Math.Round(established.Elapsed.TotalMilliseconds, 3),
    };
}
