namespace Dske.Tests.Vectors;

/// <summary>First syncs of couriered links as another implementation signs them (Python, with the libraries <c>hmac</c> and <c>hashlib</c>).</summary>
internal sealed record CourierSyncVectors(IReadOnlyList<CourierSyncVectors.Vector> Vectors)
{
    /// <param name="Name">What it shows.</param>
    /// <param name="Bytes">The bytes of the file that the sync names as its signing key.</param>
    /// <param name="Link">The link that begins.</param>
    /// <param name="Instance">Whom it belongs to.</param>
    /// <param name="Key">What it is signed with.</param>
    /// <param name="Query">The raw query.</param>
    /// <param name="Signature">Its signature.</param>
    internal sealed record Vector(string Name, byte[] Bytes, Guid Link, Guid Instance, byte[] Key, string Query, byte[] Signature);
}
