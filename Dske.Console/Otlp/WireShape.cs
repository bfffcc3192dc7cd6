namespace Dske.Console.Otlp;

/// <summary>Which fields of a message are messages themselves: enough to count the parts of one before memory is spent on it.</summary>
internal sealed class WireShape
{
    private readonly Dictionary<uint, WireShape> _parts = [];

    public static WireShape Traces { get; } = Create(spans: true);

    public static WireShape Logs { get; } = Create(spans: false);

    public static WireShape Metrics { get; } = CreateMetrics();

    /// <summary>The shape of a field, or null when it is no message.</summary>
    public WireShape? this[uint field] => _parts.GetValueOrDefault(field);

    private WireShape With(uint field, WireShape shape)
    {
        _parts.Add(field, shape);
        return this;
    }

    private static WireShape Create(bool spans)
    {
        var attribute = CreateAttribute(out var value);
        var item = spans
            ? new WireShape().With(9, attribute).With(11, new WireShape().With(3, attribute)).With(15, new())
            : new WireShape().With(5, value).With(6, attribute);
        return Wrap(item, attribute);
    }

    private static WireShape CreateMetrics()
    {
        var attribute = CreateAttribute(out _);
        var numbers = new WireShape().With(1, new WireShape().With(7, attribute));
        var histograms = new WireShape().With(1, new WireShape().With(9, attribute));
        return Wrap(new WireShape().With(5, numbers).With(7, numbers).With(9, histograms), attribute);
    }

    // All three signals are alike down to here: resources, their scopes, and in each the items.
    private static WireShape Wrap(WireShape item, WireShape attribute)
        => new WireShape().With(1, new WireShape()
            .With(1, new WireShape().With(1, attribute))
            .With(2, new WireShape().With(1, new()).With(2, item)));

    private static WireShape CreateAttribute(out WireShape value)
    {
        value = new WireShape();
        var attribute = new WireShape().With(2, value);
        value.With(5, new WireShape().With(1, value)).With(6, new WireShape().With(1, attribute));
        return attribute;
    }
}
