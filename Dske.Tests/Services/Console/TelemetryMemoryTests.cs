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
        var store = new TraceStore(new TelemetryLimits());
        var receiver = new SpanReceiver(store, new TextPool());
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var batch = 0; batch < 40; batch++)
        {
            receiver.Receive(OtlpMessages.Spans("hank", Enumerable.Range(1, 500).Select(i =>
            {
                var span = OtlpMessages.Span((ulong)batch + 1, (ulong)i);
                span.Attributes.Add(Enumerable.Range(0, attributes).Select(a => OtlpMessages.Attribute($"attribute.{a}", $"{batch} {i} {a}")));
                return span;
            })));
        }

        var taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(20_000, store.Counts.Held);

        // Other threads of the test process have garbage of their own.
        Assert.InRange(taken, 0, (store.Counts.Bytes * 1.2) + (1024 * 1024));
        GC.KeepAlive(store);
    }
}
