namespace Dske.Storage.Records;

/// <summary>What may change about a record while it is stored.</summary>
/// <param name="Until">How long it is of use; to the millisecond.</param>
/// <param name="Delivered">Which of those that it is for have had it: a bit for each.</param>
internal readonly record struct RecordState(DateTimeOffset Until, uint Delivered);
