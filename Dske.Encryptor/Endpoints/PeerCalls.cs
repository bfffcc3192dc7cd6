using System.Diagnostics.CodeAnalysis;
using Dske.Encryptor.Configuration;
using Dske.Protocol.Identifiers;
using Dske.ServiceDefaults.Routing;
using Dske.ServiceDefaults.Tls;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Encryptor.Endpoints;

/// <summary>Routes with a peer in their path: whom it names, and whether it is the peer that calls.</summary>
internal static class PeerCalls
{
    public const string Parameter = "peer";

    /// <summary>Finds the peer that the path names.</summary>
    public static bool TryFindPeer(HttpContext context, EncryptorSettings settings, [NotNullWhen(true)] out Peer? peer, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        var text = context.GetRouteText(Parameter);
        (peer, problem) = (null, null);
        if (SaeId.TryParse(text, out var saeId) && settings.Peers.TryGetValue(saeId, out peer))
        {
            return true;
        }

        problem = EncryptorProblems.NoSuchPeer(StatusCodes.Status404NotFound, text);
        return false;
    }

    /// <summary>Finds the peer that calls. Over TLS its certificate says who it is; without it what it proves later does.</summary>
    public static bool TryFindCaller(HttpContext context, EncryptorSettings settings, [NotNullWhen(true)] out Peer? peer, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        var text = context.GetRouteText(Parameter);
        (peer, problem) = (null, null);
        if (SaeId.TryParse(text, out var saeId)
            && settings.Peers.TryGetValue(saeId, out peer)
            && (context.GetTlsCaller() is not { } caller || (caller.TryGetSaeId(out var shown, out _) && shown == saeId)))
        {
            return true;
        }

        problem = EncryptorProblems.NoSuchPeer(StatusCodes.Status403Forbidden, text);
        return false;
    }
}
