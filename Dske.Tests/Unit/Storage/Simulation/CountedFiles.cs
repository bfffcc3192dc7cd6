using Dske.Storage.Files;

namespace Dske.Tests.Unit.Storage.Simulation;

/// <summary>Counts what goes through to other files.</summary>
internal sealed class CountedFiles(IStorageFiles inner) : IStorageFiles
{
    /// <summary>Bytes read, bytes written, flushes.</summary>
    public (long Read, long Written, int Flushes) Traffic { get; private set; }

    public void Reset() => Traffic = default;

    public string PathOf(string name) => inner.PathOf(name);

    public IReadOnlyList<string> List() => inner.List();

    public long? LengthOf(string name) => inner.LengthOf(name);

    public IStorageFile Create(string name) => new CountedFile(this, inner.Create(name));

    public IStorageFile Open(string name) => new CountedFile(this, inner.Open(name));

    public void Rename(string name, string newName) => inner.Rename(name, newName);

    public void Delete(string name) => inner.Delete(name);

    public void FlushNames() => inner.FlushNames();

    private sealed class CountedFile(CountedFiles files, IStorageFile inner) : IStorageFile
    {
        public long Length => inner.Length;

        public void Read(long offset, Span<byte> destination)
        {
            files.Traffic = files.Traffic with { Read = files.Traffic.Read + destination.Length };
            inner.Read(offset, destination);
        }

        public void Write(long offset, ReadOnlySpan<byte> source)
        {
            files.Traffic = files.Traffic with { Written = files.Traffic.Written + source.Length };
            inner.Write(offset, source);
        }

        public void Flush()
        {
            files.Traffic = files.Traffic with { Flushes = files.Traffic.Flushes + 1 };
            inner.Flush();
        }

        public void Dispose() => inner.Dispose();
    }
}
