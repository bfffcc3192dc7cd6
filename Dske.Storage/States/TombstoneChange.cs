using Dske.Protocol.Persistence;

namespace Dske.Storage.States;

/// <summary>A change of a client's tombstones that waits to be made durable.</summary>
internal abstract record TombstoneChange
{
    /// <summary>A tombstone is new.</summary>
    public sealed record Save(TombstoneRecord Tombstone) : TombstoneChange;

    /// <summary>What is over at this time is forgotten.</summary>
    public sealed record Forget(DateTimeOffset Now) : TombstoneChange;
}
