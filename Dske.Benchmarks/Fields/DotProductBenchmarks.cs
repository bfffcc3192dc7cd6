using BenchmarkDotNet.Attributes;
using Dske.Protocol.Fields;

namespace Dske.Benchmarks.Fields;

/// <summary>
/// Linear combinations of three rows of elements, as a scheme with the threshold 3 makes them, by each kernel that the processor has.
/// Long rows are done in stretches, as sharing does.
/// </summary>
[MemoryDiagnoser]
public class DotProductBenchmarks
{
    private const int RowCount = 3;
    private const int SumCount = 4;

    private readonly byte[][] _rows = new byte[RowCount][];
    private readonly byte[][] _sums = new byte[SumCount][];
    private Gf256Kernel _kernel = Gf256Kernel.Scalar;

    /// <summary>What the kernels of this processor are called.</summary>
    public static IEnumerable<string> Kernels => Gf256Kernel.Supported.Select(kernel => kernel.Name);

    /// <summary>The length of each row, in bytes.</summary>
    [Params(32, 4 * 1024, 1024 * 1024)]
    public int Length { get; set; }

    /// <summary>The kernel.</summary>
    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "";

    /// <summary>Fills the rows.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var i = 0; i < RowCount; i++)
        {
            _rows[i] = new byte[Length];
            random.NextBytes(_rows[i]);
        }

        for (var i = 0; i < SumCount; i++)
        {
            _sums[i] = new byte[Length];
        }

        _kernel = Gf256Kernel.Supported.Single(kernel => kernel.Name == Kernel);
    }

    /// <summary>One dot product: a share, or a secret without its check.</summary>
    [Benchmark(Baseline = true)]
    public void OneSum() => ForEachStretch((start, length) =>
    {
        var sum = new LinearCombination(_sums[0].AsSpan(start, length), _kernel);
        for (var i = 0; i < RowCount; i++)
        {
            sum.Add((byte)(0x53 + i), _rows[i].AsSpan(start, length));
        }

        sum.Complete();
    });

    /// <summary>A secret and its digest share from three shares.</summary>
    [Benchmark]
    public void Combine() => ForEachStretch((start, length) => AddPair(0, start, length));

    /// <summary>Four shares of five; one is drawn.</summary>
    [Benchmark]
    public void Split() => ForEachStretch((start, length) =>
    {
        AddPair(0, start, length);
        AddPair(2, start, length);
    });

    private void AddPair(int first, int start, int length)
    {
        var sums = new LinearCombinationPair(_sums[first].AsSpan(start, length), _sums[first + 1].AsSpan(start, length), _kernel);
        for (var i = 0; i < RowCount; i++)
        {
            sums.Add((byte)(0x53 + i), (byte)(0x8E + i), _rows[i].AsSpan(start, length));
        }

        sums.Complete();
    }

    private void ForEachStretch(Action<int, int> action)
    {
        for (var start = 0; start < Length; start += LinearCombination.StretchLength)
        {
            action(start, Math.Min(LinearCombination.StretchLength, Length - start));
        }
    }
}
