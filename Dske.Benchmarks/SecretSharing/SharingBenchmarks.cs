using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Dske.Protocol.Fields;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Benchmarks.SecretSharing;

/// <summary>
/// Whole splits and combinations, three of five, with everything that belongs to them: random numbers, the digest, memory. Next to them
/// what of it is not ours: the digest and the random numbers by themselves.
/// </summary>
[MemoryDiagnoser]
public class SharingBenchmarks
{
    private const int ShareCount = 5;
    private const int Threshold = 3;

    private ShamirScheme _scheme = new(ShareCount, Threshold);
    private Share[] _shares = [];
    private byte[] _secret = [];
    private byte[] _other = [];

    /// <summary>What the kernels of this processor are called.</summary>
    public static IEnumerable<string> Kernels => Gf256Kernel.Supported.Select(kernel => kernel.Name);

    /// <summary>The length of the secret, in bytes.</summary>
    [Params(32, 4 * 1024, 1024 * 1024)]
    public int Length { get; set; }

    /// <summary>The kernel.</summary>
    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "";

    /// <summary>Makes a secret and its shares.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _scheme = new ShamirScheme(ShareCount, Threshold) { Kernel = Gf256Kernel.Supported.Single(kernel => kernel.Name == Kernel) };
        _secret = new byte[Length];
        _other = new byte[Length];
        new Random(1).NextBytes(_secret);
        _shares = _scheme.Split(_secret, SystemEntropySource.Instance);
    }

    /// <summary>Gives the shares back.</summary>
    [GlobalCleanup]
    public void Cleanup() => Array.ForEach(_shares, share => share.Dispose());

    /// <summary>Five shares of a secret.</summary>
    [Benchmark]
    public void Split() => Array.ForEach(_scheme.Split(_secret, SystemEntropySource.Instance), share => share.Dispose());

    /// <summary>The secret from three shares, checked.</summary>
    [Benchmark]
    public bool Combine()
    {
        var outcome = _scheme.Combine(_shares.AsSpan(1, Threshold), out var secret);
        secret?.Dispose();
        return outcome == CombineOutcome.Combined;
    }

    /// <summary>The digest alone. Its key is as long as the secret, so that both are hashed.</summary>
    [Benchmark]
    public int Digest()
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return HMACSHA256.HashData(_other.AsSpan(ShamirScheme.DigestLength), _secret, digest);
    }

    /// <summary>The random numbers of one split alone: a share, and the digest's key.</summary>
    [Benchmark]
    public void Draw()
    {
        SystemEntropySource.Instance.Fill(_other);
        SystemEntropySource.Instance.Fill(_other.AsSpan(ShamirScheme.DigestLength));
    }
}
