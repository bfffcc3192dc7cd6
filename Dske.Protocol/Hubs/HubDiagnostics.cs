using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dske.Protocol.Errors;

namespace Dske.Protocol.Hubs;

/// <summary>Spans and metrics of a hub. Names of nodes, keys and outcomes only; never a byte of PSRD or of a share.</summary>
public static class HubDiagnostics
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string SourceName = "Dske.Hub";

    /// <summary>The spans.</summary>
    public static ActivitySource Activities { get; } = new(SourceName);

    /// <summary>The metrics.</summary>
    public static Meter Meter { get; } = new(SourceName);

    private static readonly Counter<long> Shares = Meter.CreateCounter<long>(
        "dske.hub.shares", "{share}", "Shares stored and delivered, by operation and outcome.");

    private static readonly Counter<long> Rejected = Meter.CreateCounter<long>(
        "dske.hub.rejected", "{request}", "Requests that were refused before anything was done with them: not authentic, not readable, not granted, or too many. By reason.");

    private static readonly Counter<long> Faults = Meter.CreateCounter<long>(
        "dske.hub.faults", "{fault}", "What went wrong here and is nobody else's fault, by type of exception.");

    private static readonly Counter<long> SetBack = Meter.CreateCounter<long>(
        "dske.hub.set_back", "{link}", "Links whose PSRD in this hub's storage turned out to be an older copy: an alarm.");

    private static readonly Counter<long> Psrd = Meter.CreateCounter<long>(
        "dske.hub.psrd.issued", "By", "PSRD handed out to clients, by owner.");

    internal static void CountShares(string hub, string operation, DskeError? error, int count) => Shares.Add(
        count,
        new KeyValuePair<string, object?>("dske.hub", hub),
        new KeyValuePair<string, object?>("dske.operation", operation),
        new KeyValuePair<string, object?>("dske.outcome", error is null ? "ok" : DskeErrors.GetName(error.Value)));

    internal static void CountRejected(string hub, DskeError error) => Rejected.Add(
        1,
        new KeyValuePair<string, object?>("dske.hub", hub),
        new KeyValuePair<string, object?>("dske.reason", DskeErrors.GetName(error)));

    internal static void ReportFault(string hub, Exception fault)
    {
        Faults.Add(1, new("dske.hub", hub), new("error.type", fault.GetType().FullName));
        Activity.Current?.AddException(fault);
    }

    internal static void CountSetBack(string hub, string client) => SetBack.Add(1, new("dske.hub", hub), new("dske.client", client));

    internal static void CountPsrd(string hub, Psrd.PoolOwner owner, int bytes) => Psrd.Add(
        bytes,
        new KeyValuePair<string, object?>("dske.hub", hub),
        new KeyValuePair<string, object?>("dske.owner", owner == Protocol.Psrd.PoolOwner.Client ? "client" : "hub"));
}
