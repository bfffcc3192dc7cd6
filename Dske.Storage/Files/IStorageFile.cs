namespace Dske.Storage.Files;

/// <summary>An open file. Whatever goes wrong is a <see cref="StorageException"/> that names it.</summary>
internal interface IStorageFile : IDisposable
{
    /// <summary>The length, in bytes.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="destination"/>; a file that ends before that is an error.</summary>
    void Read(long offset, Span<byte> destination);

    /// <summary>Writes all of <paramref name="source"/>; the file grows when it has to.</summary>
    void Write(long offset, ReadOnlySpan<byte> source);

    /// <summary>Makes what was written durable: it survives a loss of power from here on.</summary>
    void Flush();
}
