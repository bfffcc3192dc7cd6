namespace Dske.Protocol.Messages;

/// <summary>Headers of our own at registration. Other implementations send none of them and ignore all.</summary>
public static class DskeHeaders
{
    /// <summary>
    /// A UUID that each node keeps with its state. An equal one says that nothing was lost since; in an answer it also says that the
    /// hub speaks our additions (a native link).
    /// </summary>
    public const string Instance = "DSKE-Instance";

    /// <summary>The hash of hubs, their order and the threshold (<c>NetworkShape</c>): client and hub must mean the same network.</summary>
    public const string Network = "DSKE-Network";

    /// <summary>
    /// In the answer to a registration: <c>1</c> says that the hub has no PSRD for this client, because the client is new to it or because one
    /// of the ends lost track. Both begin anew.
    /// </summary>
    public const string PoolsReplaced = "DSKE-Pools-Replaced";

    /// <summary>
    /// In a registration: <c>1</c> asks the hub to drop the PSRD it has for this client, because the client has lost track of it.
    /// </summary>
    public const string StartOver = "DSKE-Start-Over";
}
