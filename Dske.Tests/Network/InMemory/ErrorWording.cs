using System.Text;
using Dske.Protocol.Clients;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;

namespace Dske.Tests.Network.InMemory;

/// <summary>Unsigned errors, worded as a peer expects them.</summary>
internal static class ErrorWording
{
    /// <summary>What the reference implementation says, where it has a sentence that tells its clients something to act on.</summary>
    public static byte[] Reference(DskeError error) => Encoding.UTF8.GetBytes(error switch
    {
        DskeError.ClientNotRegistered => """{"message":"Client is not registered.","details":{"client_name":"carol"}}""",
        DskeError.PsrdUnknownBlock => """{"message":"Invalid PSRD block UUID.","details":{"block_uuid":"99999999-8888-4777-8666-555555555555"}}""",
        DskeError.OutOfPsrd => """{"message":"Pool hank out of Pre-Shared Random Data (PSRD).","details":{"purpose":"share","pool_available_bytes":0}}""",
        _ => $$"""{"message":"{{DskeErrors.GetTitle(error)}}","details":null}""",
    });

    /// <summary>An error that nobody signed, in the dialect of the request, with numbers that nobody should believe.</summary>
    public static HubResponse Forged(DskeError error, InBandExchange exchange)
    {
        var body = exchange.Request.Signature.Contains('%', StringComparison.Ordinal)
            ? Reference(error)
            : MessageJson.Write(
                new ErrorAnswer
                {
                    Type = DskeErrors.GetProblemType(error),
                    Title = DskeErrors.GetTitle(error),
                    Status = DskeErrors.GetStatus(error),
                    PsrdAvailable = 0,
                    PsrdNeeded = long.MaxValue,
                },
                Dialect.Guide);
        return new HubResponse(DskeErrors.GetStatus(error), body, null);
    }
}
