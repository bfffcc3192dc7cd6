using Dske.Protocol.Secrets;

namespace Dske.Storage.Records;

/// <summary>A change of a file of records that waits to be made durable.</summary>
/// <param name="Slot">Where the record begins.</param>
internal abstract record RecordChange(int Slot)
{
    /// <summary>A record is new. The content is disposed once it is written, or given up.</summary>
    public sealed record Put(int Slot, RecordState State, SecretBytes Content) : RecordChange(Slot);

    /// <summary>A record has another state.</summary>
    public sealed record Update(int Slot, RecordState State) : RecordChange(Slot);

    /// <summary>A record is to be overwritten with zeros.</summary>
    public sealed record Erase(int Slot) : RecordChange(Slot);
}
