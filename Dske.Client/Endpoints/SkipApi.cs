using System.Buffers;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dske.Client.Audit;
using Dske.Client.Hosting;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Protocol.Skip;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Problems;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Dske.Client.Endpoints;

/// <summary>
/// Key delivery to encryptors over SKIP (draft-cisco-skip-02). System IDs are the names of clients. SKIP says nothing of who calls: whoever
/// is let through, over TLS each encryptor of this client, may have every key that was made for it over SKIP.
/// </summary>
internal static class SkipApi
{
    private const int DefaultEntropy = 256;
    private const int MinEntropy = 8;
    private const int MaxEntropy = 65_536;
    private const string RemoteSystem = "remoteSystemID";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Maps the routes.</summary>
    /// <param name="routes">Where they go.</param>
    /// <param name="prefix">What their names begin with, since these are unique.</param>
    public static void MapSkipApi(this IEndpointRouteBuilder routes, string prefix)
    {
        var group = routes.MapGroup(string.Empty)
            .LoopbackOnly()
            .StateChanging()
            .Guard(RefuseTrailingSlash)
            .WithTags("SKIP")
            .AddEndpointFilter(static async (context, next) =>
            {
                var http = context.HttpContext;
                http.Response.Headers.CacheControl = "no-store";
                if (SkipCaller.TryGet(http, http.RequestServices.GetRequiredService<ClientEngine>(), out _, out var refusal))
                {
                    return await next(context);
                }

                await http.RequestServices.GetRequiredService<AuditTrail>().RecordRefusalAsync(new AuditRecord("skip", "unauthorized"));
                return refusal;
            })
            .ProducesSkipErrors(StatusCodes.Status401Unauthorized, StatusCodes.Status404NotFound, StatusCodes.Status500InternalServerError);
        group.MapGet("/capabilities", GetCapabilitiesAsync)
            .WithName($"{prefix}GetCapabilities")
            .WithSummary("Get capabilities")
            .WithDescription("What this key provider offers, and which others it can share keys with. Consumes nothing.")
            .Produces<SkipCapabilities>()
            .DescribedAsSkip(SkipDescription.Capabilities);
        group.MapGet("/key", MakeKeyAsync)
            .WithName($"{prefix}GetKey")
            .WithSummary("Get a new key")
            .WithDescription("Makes a key shared with the remote system, which can hand it out once it is answered here. It is handed out here this once.")
            .ProducesSkipErrors(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable)
            .DescribedAsSkip(SkipDescription.Key);
        group.MapGet("/key/{keyId}", FetchKeyAsync)
            .WithName($"{prefix}GetKeyWithId")
            .WithSummary("Get a key by its ID")
            .WithDescription("Hands out a key that the remote system made for this one, once. A key that is not there is a 400, as the draft has it.")
            .ProducesSkipErrors(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable)
            .DescribedAsSkip(SkipDescription.Key);
        group.MapGet("/entropy", GetEntropy)
            .WithName($"{prefix}GetEntropy")
            .WithSummary("Get random bits")
            .WithDescription("Fresh random bits, which are used for nothing else.")
            .ProducesSkipErrors(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable)
            .DescribedAsSkip(SkipDescription.Entropy);
    }

    /// <summary>Routing would take <c>/key/</c>, which a caller with an empty key ID comes up with, for the wish for a new key.</summary>
    private static ProblemDetails? RefuseTrailingSlash(HttpContext context) => context.Request.Path.Value is [.., '/']
        ? new ProblemDetails
        {
            Status = StatusCodes.Status404NotFound,
            Type = ProblemTypes.ForStatus(StatusCodes.Status404NotFound),
            Detail = "the path ends with a slash",
        }
        : null;

    private static async Task<IResult> GetCapabilitiesAsync(ClientEngine client, IRemoteSystems remotes, CancellationToken cancellationToken) => TypedResults.Json(
        new SkipCapabilities
        {
            Entropy = true,
            Key = true,
            Algorithm = "DSKE",
            LocalSystemId = client.Name.Value,
            RemoteSystemIds = await remotes.ListAsync(cancellationToken),
        },
        SkipJson.Default.SkipCapabilities);

    private static async Task<IResult> MakeKeyAsync(
        [FromQuery(Name = RemoteSystem), Description("The system ID of the key provider to share the key with.")] string? remoteSystemId,
        [Description("The size of the key in bits, a multiple of 8. Default 256 (Dske:Client:Keys says which sizes there are).")] string? size,
        ClientEngine client,
        IRemoteSystems remotes,
        IOptions<ClientOptions> options,
        AuditTrail trail,
        HttpContext context)
    {
        var keys = options.Value.Keys;
        if (!TryReadRemote(remoteSystemId, client, remotes, out var remote, out var refusal)
            || !TryReadSize(nameof(size), size, keys.DefaultSize, keys.MinSize, keys.MaxSize, out var bits, out refusal))
        {
            return refusal;
        }

        return SkipAnswers.Of(await trail.MakeKeysAsync(
            client, Audited("skip_key", client, remote, context), OwnIdOf(client), 1, bits / 8, context.RequestAborted));
    }

    private static async Task<IResult> FetchKeyAsync(
        [Description("The keyId that came with the key: 32 hexadecimal digits, in either case.")] string keyId,
        [FromQuery(Name = RemoteSystem), Description("The system ID of the key provider that made the key.")] string? remoteSystemId,
        ClientEngine client,
        IRemoteSystems remotes,
        AuditTrail trail,
        HttpContext context)
    {
        if (!TryReadRemote(remoteSystemId, client, remotes, out var remote, out var refusal))
        {
            return refusal;
        }

        if (keyId.AsSpan().ContainsAnyExcept(HexDigits))
        {
            return SkipAnswers.BadRequest("keyId has to consist of hexadecimal digits");
        }

        // Other key providers have key IDs of other lengths: there is nothing wrong with them, but none of them is a key of ours.
        if (keyId.Length != SkipCodec.KeyIdLength)
        {
            return SkipAnswers.KeyNotFound();
        }

        return SkipAnswers.Of(await trail.FetchKeysAsync(
            client, Audited("skip_key_by_id", client, remote, context), OwnIdOf(client), [Guid.ParseExact(keyId, "N")], context.RequestAborted));
    }

    private static AuditRecord Audited(string operation, ClientEngine client, SaeId remote, HttpContext context)
        => new(operation, string.Empty) { Caller = SkipCaller.TryGet(context, client, out var caller, out _) ? caller : null, Others = [remote] };

    private static IResult GetEntropy(
        [Description("How many random bits, a multiple of 8 from 8 to 65536. Default 256.")] string? minentropy, IEntropySource entropy)
    {
        if (!TryReadSize(nameof(minentropy), minentropy, DefaultEntropy, MinEntropy, MaxEntropy, out var bits, out var refusal))
        {
            return refusal;
        }

        try
        {
            return SkipAnswers.Of(entropy.NextSecret(bits / 8));
        }
        catch (EntropyException)
        {
            return SkipAnswers.NoEntropy();
        }
    }

    /// <summary>A client's own name is always an SAE ID of its own; over SKIP it stands for all encryptors that are attached to it.</summary>
    private static SaeId OwnIdOf(ClientEngine client) => SaeId.Parse(client.Name.Value);

    private static bool TryReadRemote(
        string? text, ClientEngine client, IRemoteSystems remotes, out SaeId remote, [NotNullWhen(false)] out IResult? refusal)
    {
        remote = default;
        var problem = text is null ? $"{RemoteSystem} is missing"
            : !NodeName.TryParse(text, out var name) ? $"{RemoteSystem} has to be the name of one client"
            : name == client.Name ? $"{RemoteSystem} is the name of this client itself"
            : !remotes.Include(name) ? $"{RemoteSystem} is not among those that /capabilities lists"
            : null;
        if (problem is null)
        {
            remote = SaeId.Parse(text);
        }

        refusal = problem is null ? null : SkipAnswers.BadRequest(problem);
        return problem is null;
    }

    private static bool TryReadSize(string name, string? text, int fallback, int least, int most, out int bits, [NotNullWhen(false)] out IResult? refusal)
    {
        bits = fallback;
        var isGood = text is null
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits % 8 == 0 && bits >= least && bits <= most);
        refusal = isGood ? null : SkipAnswers.BadRequest($"{name} has to be a multiple of 8 from {least} to {most} bits");
        return isGood;
    }
}
