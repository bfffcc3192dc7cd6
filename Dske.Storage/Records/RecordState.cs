namespace Dske.Storage.Records;

/// <summary>What may change about a record while it is stored.</summary>
/// <param name="Until">How long it is of use; to the millisecond.</param>
/// <param name="IsDelivered">Whether it has served its purpose.</param>
internal readonly record struct RecordState(DateTimeOffset Until, bool IsDelivered);
