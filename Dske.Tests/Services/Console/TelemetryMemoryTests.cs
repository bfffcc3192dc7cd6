using Dske.Console.Otlp;
using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Traces;

namespace Dske.Tests.Services.Console;

/// <summary>What the stores believe to take is what they take.</summary>
[Trait("Tier", "Services")]
[Collection(nameof(WholeProcess))]
public sealed class TelemetryMemoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(32)]
    public void The_estimate_of_spans_covers_the_memory_that_they_take(int attributes)
    {
        // What is made once is made before it is counted.
        Fill(new TraceStore(new TelemetryLimits()), attributes);
        var store = new TraceStore(new TelemetryLimits());
        var before = CountMemory();

        Fill(store, attributes);

        var taken = CountMemory() - before;
        Assert.Equal(20_000, store.Counts.Held);

        // Tests that ran before may have left something that ends meanwhile, and runtimes have garbage of their own.
        Assert.True(taken <= (store.Counts.Bytes * 1.2) + (4 * 1024 * 1024), $"{taken} bytes, {store.Counts.Bytes} by estimate");
        GC.KeepAlive(store);
    }

    private static void Fill(TraceStore store, int attributes)
    {
        var receiver = new SpanReceiver(store, new TextPool());
        for (var batch = 0; batch < 40; batch++)
        {
            receiver.Receive(OtlpMessages.Spans("hank", Enumerable.Range(1, 500).Select(i =>
            {
                var span = OtlpMessages.Span((ulong)batch + 1, (ulong)i);
                span.Attributes.Add(Enumerable.Range(0, attributes).Select(a => OtlpMessages.Attribute($"attribute.{a}", $"{batch} {i} {a}")));
                return span;
            })));
        }
    }

    private static long CountMemory()
    {
        GC.GetTotalMemory(forceFullCollection: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
