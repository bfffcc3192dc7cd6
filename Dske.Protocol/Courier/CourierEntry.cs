namespace Dske.Protocol.Courier;

/// <summary>A couriered file in a bundle.</summary>
/// <param name="Position">Where it begins in the bundle, in bytes.</param>
/// <param name="Length">How long it is, in bytes.</param>
/// <param name="Header">Its header: not authenticated before the file is opened.</param>
public sealed record CourierEntry(long Position, long Length, CourierHeader Header);
