using System.Globalization;
using Dske.Protocol.Psrd;

namespace Dske.Storage.Psrd;

/// <summary>How the file of a block is called.</summary>
internal static class BlockFileName
{
    private const string Ending = ".psrd";
    private const string DraftEnding = ".psrd.new";

    public static string Of(PsrdPoolKey pool, Guid id) => string.Create(
        CultureInfo.InvariantCulture, $"{pool.Peer.Value}.{(pool.Owner == PoolOwner.Client ? "client" : "hub")}.{id:D}{Ending}");

    /// <summary>The name while the file is not whole.</summary>
    public static string OfDraft(PsrdPoolKey pool, Guid id) => Of(pool, id)[..^Ending.Length] + DraftEnding;

    /// <summary>Whether a file is one of ours, whole or not.</summary>
    public static bool IsOurs(string name) => name.EndsWith(Ending, StringComparison.Ordinal) || name.EndsWith(DraftEnding, StringComparison.Ordinal);
}
