using System.Diagnostics;
using Dske.Protocol.Fields;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecretSharing;

namespace Dske.Benchmarks.Guard;

/// <summary>
/// The time in which a long secret is split and put together again with the vectors that the processor has, as a multiple of the time that this takes in general registers.
/// </summary>
internal sealed class SharingRatio : IGuardedRatio
{
    private const int SecretLength = 256 * 1024;
    private const int TurnsPerRound = 3;

    private readonly ShamirScheme _vectors = new(shareCount: 5, threshold: 3);
    private readonly ShamirScheme _words = new(shareCount: 5, threshold: 3) { Kernel = Gf256Kernel.Scalar };
    private readonly SecretBytes _secret = new(SecretLength);

    /// <summary>Draws a secret.</summary>
    public SharingRatio() => SystemEntropySource.Instance.Fill(_secret.Span);

    /// <inheritdoc />
    public string Name => "sharing with vectors, against sharing with words";

    /// <summary>
    /// Rounds were 0.05 to 0.16 with AVX2 on two cores that did other things besides, most of that for the digest; the narrowest vectors take twice as long. Where
    /// a processor has none there is nothing to guard; where it has some and none passes its check, that is found here.
    /// </summary>
    public double Limit => Gf256Kernel.Supported.Count == 1 ? double.PositiveInfinity : 0.4;

    /// <inheritdoc />
    public Task WarmUpAsync()
    {
        Measure(_vectors);
        Measure(_words);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<double> MeasureRoundAsync()
    {
        var (vectors, words) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var turn = 0; turn < TurnsPerRound; turn++)
        {
            vectors += Measure(_vectors);
            words += Measure(_words);
        }

        return Task.FromResult(vectors / words);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _secret.Dispose();
        return ValueTask.CompletedTask;
    }

    // By the process's own time: what else the machine does takes none of it.
    private TimeSpan Measure(ShamirScheme scheme)
    {
        var began = Environment.CpuUsage.TotalTime;
        var shares = scheme.Split(_secret.Span, SystemEntropySource.Instance);
        try
        {
            var outcome = scheme.Combine(shares.AsSpan(0, scheme.Threshold), out var rebuilt);
            rebuilt?.Dispose();
            return outcome == CombineOutcome.Combined ? Environment.CpuUsage.TotalTime - began : throw new UnreachableException($"{outcome}");
        }
        finally
        {
            foreach (var share in shares)
            {
                share.Dispose();
            }
        }
    }
}
