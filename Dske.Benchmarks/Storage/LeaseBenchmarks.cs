using BenchmarkDotNet.Attributes;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Storage;

namespace Dske.Benchmarks.Storage;

/// <summary>
/// Leases of whole windows from durable storage: the floor rises, bytes are read, erased and flushed. The disk is that of the directory for
/// temporary files, or of the one that <c>DSKE_BENCH_DATA</c> names.
/// </summary>
[InvocationCount(Windows, unrollFactor: 1)]
[MaxWarmupCount(10)]
[MaxIterationCount(20)]
public class LeaseBenchmarks
{
    private const int Windows = 48;

    private static readonly PsrdPoolKey Key = new(NodeName.Parse("hank"), PoolOwner.Client);

    private readonly byte[] _window = new byte[WindowGrid.MaxWindow];
    private DirectoryInfo _directory = null!;
    private ClientStorage _storage = null!;
    private IPsrdBlock _block = null!;

    /// <summary>The size of the block, in bytes, of which a window is a 64th: the default one, and one with the largest windows.</summary>
    [Params(256 * 1024, 4 * 1024 * 1024)]
    public int BlockSize { get; set; }

    /// <summary>Opens the storage.</summary>
    [GlobalSetup]
    public void Open()
    {
        var parent = Environment.GetEnvironmentVariable("DSKE_BENCH_DATA") ?? Path.GetTempPath();
        _directory = Directory.CreateDirectory(Path.Combine(parent, $"dske-bench-{SystemEntropySource.Instance.NextUuid()}"));
        _storage = ClientStorage.Open(Path.Combine(_directory.FullName, "node"), SystemEntropySource.Instance);
    }

    /// <summary>Closes and deletes it.</summary>
    [GlobalCleanup]
    public void Close()
    {
        _storage.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Adds a block with windows enough for one iteration.</summary>
    [IterationSetup]
    public void AddBlock()
    {
        using var data = new SecretBytes(BlockSize);
        SystemEntropySource.Instance.Fill(data.Span);
        _block = _storage.Psrd.Add(Key, SystemEntropySource.Instance.NextUuid(), data.Span);
    }

    /// <summary>Removes what is left of it.</summary>
    [IterationCleanup]
    public void RemoveBlock() => _storage.Psrd.Remove(Key, _block.Id);

    /// <summary>One window.</summary>
    [Benchmark]
    public void Lease()
    {
        var end = WindowGrid.WindowEnd(BlockSize, _block.Floor);
        _block.Lease(end, _window.AsSpan(0, (int)(end - _block.Floor)));
    }
}
