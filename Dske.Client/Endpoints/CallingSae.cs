using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Clients;
using Dske.Protocol.Identifiers;
using Microsoft.Net.Http.Headers;

namespace Dske.Client.Endpoints;

/// <summary>
/// Who calls a key delivery route: without TLS, whose certificates would say, the <c>Authorization</c> header holds the bare SAE ID of
/// the caller (guide, "Initiator encryptor gets key"). Believed on loopback only.
/// </summary>
internal static class CallingSae
{
    /// <summary>Finds the caller.</summary>
    /// <returns>False when there is none, or it is no encryptor of this client.</returns>
    public static bool TryGet(HttpRequest request, ClientEngine client, out SaeId caller, [NotNullWhen(false)] out IResult? refusal)
    {
        caller = default;
        var values = request.Headers[HeaderNames.Authorization];
        refusal = values.Count != 1 || !SaeId.TryParse(values[0], out caller)
            ? KeyDeliveryAnswers.Error(StatusCodes.Status401Unauthorized, "put the calling SAE's ID into the Authorization header")
            : client.Owns(caller) ? null : KeyDeliveryAnswers.Error(StatusCodes.Status401Unauthorized, "the calling SAE is not registered with this KME");
        return refusal is null;
    }
}
