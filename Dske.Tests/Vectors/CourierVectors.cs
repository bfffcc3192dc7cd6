namespace Dske.Tests.Vectors;

/// <summary>
/// Couriered files that another implementation of the format made (Python, with the libraries <c>cryptography</c> and <c>hashlib</c>). Blocks are
/// SHAKE256 of their seeds. Of a file that is long there is the digest alone.
/// </summary>
internal sealed record CourierVectors(IReadOnlyList<CourierVectors.Vector> Vectors)
{
    internal sealed record Vector(
        string Name,
        string Kind,
        byte[] Secret,
        int MemoryKib,
        int Passes,
        int Lanes,
        byte[] Salt,
        byte[] FileId,
        string Manifest,
        IReadOnlyList<Block> Blocks,
        int Length,
        byte[] Sha256,
        byte[] File);

    internal sealed record Block(string Seed, int Size);
}
