using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Dske.ServiceDefaults.Tls;
using Microsoft.Net.Http.Headers;

namespace Dske.Client.Endpoints;

/// <summary>
/// Who calls a key delivery route. Over TLS the caller's certificate says, and nothing else is looked at; without it the <c>Authorization</c>
/// header holds the bare SAE ID of the caller (guide, "Initiator encryptor gets key"), which is believed on loopback only.
/// </summary>
internal static class CallingSae
{
    /// <summary>Finds the caller.</summary>
    /// <returns>False when there is none, or it is no encryptor of this client.</returns>
    public static bool TryGet(HttpRequest request, ClientEngine client, out SaeId caller, [NotNullWhen(false)] out IResult? refusal)
    {
        var problem = TryGet(request, out caller, out var reason) ? client.Owns(caller) ? null : "the calling SAE is not registered with this KME" : reason;
        refusal = problem is null ? null : KeyDeliveryAnswers.Error(StatusCodes.Status401Unauthorized, problem);
        return refusal is null;
    }

    private static bool TryGet(HttpRequest request, out SaeId caller, [NotNullWhen(false)] out string? problem)
    {
        if (request.HttpContext.GetTlsCaller() is { } tls)
        {
            return tls.TryGetSaeId(out caller, out problem);
        }

        caller = default;
        var values = request.Headers[HeaderNames.Authorization];
        problem = values.Count == 1 && SaeId.TryParse(values[0], out caller) ? null : "put the calling SAE's ID into the Authorization header";
        return problem is null;
    }
}
