using BenchmarkDotNet.Attributes;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;

namespace Dske.Benchmarks.KeyDelivery;

/// <summary>Containers of 256-bit keys, as an SAE gets them.</summary>
public class KeyContainerBenchmarks
{
    private readonly SecretBufferWriter _text = new();
    private readonly SecretBufferWriter _written = new();
    private KeyContainer _container = null!;

    /// <summary>How many keys there are.</summary>
    [Params(1, 128)]
    public int Keys { get; set; }

    /// <summary>Makes the keys.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _container = new KeyContainer([.. Enumerable.Range(0, Keys).Select(_ => CreateKey())]);
        _text.Clear();
        KeyContainerCodec.Write(_container, _text);
    }

    /// <summary>Zeroes them.</summary>
    [GlobalCleanup]
    public void Erase()
    {
        _container.Dispose();
        _text.Dispose();
        _written.Dispose();
    }

    /// <summary>The KME writes them.</summary>
    [Benchmark]
    public int Write()
    {
        _written.Clear();
        KeyContainerCodec.Write(_container, _written);
        return _written.WrittenCount;
    }

    /// <summary>The SAE reads and erases them.</summary>
    /// <exception cref="InvalidOperationException">They cannot be read.</exception>
    [Benchmark]
    public void Read()
    {
        if (!KeyContainerCodec.TryRead(_text.WrittenSpan, out var container))
        {
            throw new InvalidOperationException("The container cannot be read: nothing is measured.");
        }

        container.Dispose();
    }

    private static DeliveredKey CreateKey()
    {
        var key = new SecretBytes(32);
        SystemEntropySource.Instance.Fill(key.Span);
        return new DeliveredKey(SystemEntropySource.Instance.NextUuid(), key);
    }
}
