using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.ServiceDefaults.Tls;

namespace Dske.Client.Endpoints;

/// <summary>
/// Who calls a SKIP route: over TLS the encryptor that its certificate names, which has to be one of this client's; without TLS nobody knows, and
/// whoever is on this machine is let through.
/// </summary>
internal static class SkipCaller
{
    /// <summary>Finds the caller.</summary>
    /// <param name="context">The request.</param>
    /// <param name="client">The client.</param>
    /// <param name="caller">The caller; null when it cannot be known.</param>
    /// <param name="refusal">What to answer, when the result is false.</param>
    public static bool TryGet(HttpContext context, ClientEngine client, out SaeId? caller, [NotNullWhen(false)] out IResult? refusal)
    {
        (caller, refusal) = (null, null);
        if (context.GetTlsCaller() is { } tls)
        {
            var problem = tls.TryGetSaeId(out var sae, out var reason) ? client.Owns(sae) ? null : "the calling SAE is not registered with this key provider" : reason;
            caller = problem is null ? sae : null;
            refusal = problem is null ? null : SkipAnswers.Error(StatusCodes.Status401Unauthorized, problem);
        }

        return refusal is null;
    }
}
