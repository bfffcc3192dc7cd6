namespace Dske.Cli.Courier;

/// <summary>What <c>psrd export</c> made for one client.</summary>
/// <param name="File">The UUID of the sealed file.</param>
/// <param name="Hub">The hub that made it.</param>
/// <param name="Client">The client that it is for.</param>
/// <param name="Size">How many bytes it carries for each owner.</param>
/// <param name="Path">The file that it was written to; the same for all clients of a bundle.</param>
internal sealed record ExportedFile(Guid File, string Hub, string Client, long Size, string Path);
