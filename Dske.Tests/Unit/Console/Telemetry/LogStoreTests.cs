using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Logs;
using Dske.Console.Telemetry.Traces;
using Microsoft.Extensions.Logging;

namespace Dske.Tests.Unit.Console.Telemetry;

[Trait("Tier", "Unit")]
public sealed class LogStoreTests
{
    [Fact]
    public void A_full_store_drops_what_came_first_and_counts_it()
    {
        var store = new LogStore(new TelemetryLimits { MaxLogRecords = 3 });

        store.Add([.. Enumerable.Range(1, 5).Select(i => Record($"message {i}", node: $"hub{i}"))]);

        Assert.Equal(["message 5", "message 4", "message 3"], store.Find(new LogFilter()).Items.Select(record => record.Message));
        Assert.Equal((5, 2, 3), (store.Counts.Received, store.Counts.Dropped, store.Counts.Held));
        Assert.Equal(["hub3", "hub4", "hub5"], store.Nodes);
    }

    [Fact]
    public void Memory_bounds_the_store_as_well()
    {
        var store = new LogStore(new TelemetryLimits { MaxLogBytes = 5000 });

        for (var i = 0; i < 100; i++)
        {
            store.Add([Record("message", bytes: 1200)]);
            Assert.InRange(store.Counts.Bytes, 1200, 5000);
        }

        Assert.Equal((4, 96), (store.Counts.Held, store.Counts.Dropped));
        store.Clear();
        Assert.Equal((0, 0), (store.Counts.Held, store.Counts.Bytes));
    }

    [Fact]
    public void Records_are_found_by_node_level_text_and_trace_page_by_page()
    {
        var store = new LogStore(new TelemetryLimits());
        store.Add(
        [
            Record("starts", "hank", LogLevel.Debug),
            Record("hub is down", "carol", LogLevel.Warning, trace: 7),
            Record("gives up", "carol", LogLevel.Error, category: "Dske.Client.Links", attributes: ("hub", "Helen")),
        ]);

        Assert.Equal(["gives up", "hub is down"], Find(new LogFilter { Node = "carol" }));
        Assert.Equal(["gives up", "hub is down"], Find(new LogFilter { MinLevel = LogLevel.Warning }));
        Assert.Equal(["hub is down"], Find(new LogFilter { TraceId = new TraceId(7) }));
        Assert.Equal(["hub is down"], Find(new LogFilter { Text = "HUB is" }));
        Assert.Equal(["gives up"], Find(new LogFilter { Text = "helen" }));
        Assert.Equal(["gives up"], Find(new LogFilter { Text = "links" }));
        Assert.Equal(["hub is down"], Find(new LogFilter { Skip = 1, Take = 1 }));
        Assert.Equal(3, store.Find(new LogFilter { Take = 0 }).Total);
        Assert.Equal([3, 2, 1], store.Find(new LogFilter()).Items.Select(record => record.Number));

        IEnumerable<string> Find(LogFilter filter) => store.Find(filter).Items.Select(record => record.Message);
    }

    [Fact]
    public void The_version_tells_of_every_change()
    {
        var store = new LogStore(new TelemetryLimits());
        var before = store.Version;

        store.Add([Record("message")]);

        Assert.NotEqual(before, store.Version);
    }

    private static LogRecord Record(
        string message, string node = "hank", LogLevel level = LogLevel.Information, uint trace = 0, string category = "", long bytes = 100, params (string Name, string Value)[] attributes) => new()
        {
            Time = TraceWriter.Noon,
            Node = node,
            Level = level,
            Category = category,
            Message = message,
            TraceId = new TraceId(trace),
            Attributes = [.. attributes.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value))],
            Bytes = bytes,
        };
}
