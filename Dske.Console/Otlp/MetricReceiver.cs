using Dske.Console.Otlp.Wire;
using Dske.Console.Telemetry;
using Dske.Console.Telemetry.Metrics;
using Google.Protobuf.Collections;

namespace Dske.Console.Otlp;

/// <summary>Hands data points to their store.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class MetricReceiver(MetricStore store, TextPool texts)
{
    private const int KeyOverhead = 160;

    private readonly OtlpValues _values = new(texts);

    public ExportMetricsServiceResponse Receive(ExportMetricsServiceRequest request)
    {
        var batch = new Batch();
        foreach (var resource in request.ResourceMetrics)
        {
            var node = _values.NodeOf(resource.Resource);
            foreach (var metric in resource.ScopeMetrics.SelectMany(scope => scope.Metrics))
            {
                Read(metric, node, batch);
            }
        }

        var rejected = store.Add(batch.Samples, batch.Unusable, batch.Ignored);
        return rejected == 0 ? new() : new()
        {
            PartialSuccess = new() { RejectedDataPoints = rejected, ErrorMessage = "These data points are not readable, or of more series than the console keeps." },
        };
    }

    private void Read(Metric metric, string node, Batch batch)
    {
        if (!metric.Name.StartsWith(InstrumentNames.Prefix, StringComparison.Ordinal))
        {
            batch.Ignored += metric.Gauge?.DataPoints.Count ?? metric.Sum?.DataPoints.Count ?? metric.Histogram?.DataPoints.Count ?? 0;
            return;
        }

        switch (metric.DataCase)
        {
            case Metric.DataOneofCase.Gauge:
                ReadNumbers(metric, metric.Gauge.DataPoints, node, MetricKind.Gauge, isDelta: false, batch);
                break;
            case Metric.DataOneofCase.Sum:
                // A sum that falls as well as it rises says what there is now, like a gauge.
                var isDelta = metric.Sum.AggregationTemporality == AggregationTemporality.Delta;
                ReadNumbers(metric, metric.Sum.DataPoints, node, metric.Sum.IsMonotonic || isDelta ? MetricKind.Counter : MetricKind.Gauge, isDelta, batch);
                break;
            case Metric.DataOneofCase.Histogram:
                ReadHistograms(metric, metric.Histogram, node, batch);
                break;
        }
    }

    private void ReadNumbers(Metric metric, IReadOnlyList<NumberDataPoint> points, string node, MetricKind kind, bool isDelta, Batch batch)
    {
        foreach (var point in points)
        {
            var value = point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
            if (point.ValueCase == NumberDataPoint.ValueOneofCase.None || !double.IsFinite(value) || !TryReadKey(metric, point.Attributes, node, out var key, out var bytes))
            {
                batch.Unusable++;
                continue;
            }

            batch.Samples.Add(new MetricSample(key!, kind, isDelta, point.StartTimeUnixNano, value, null, null, bytes));
        }
    }

    private void ReadHistograms(Metric metric, Histogram histogram, string node, Batch batch)
    {
        foreach (var point in histogram.DataPoints)
        {
            if (!IsReadable(point) || !TryReadKey(metric, point.Attributes, node, out var key, out var bytes))
            {
                batch.Unusable++;
                continue;
            }

            batch.Samples.Add(new MetricSample(
                key!,
                MetricKind.Histogram,
                histogram.AggregationTemporality == AggregationTemporality.Delta,
                point.StartTimeUnixNano,
                0,
                [.. point.ExplicitBounds],
                [.. point.BucketCounts.Select(count => (long)count)],
                bytes));
        }
    }

    private static bool IsReadable(HistogramDataPoint point)
    {
        if (point.BucketCounts.Count is 0 or > TelemetryLimits.MaxBuckets || point.ExplicitBounds.Count != point.BucketCounts.Count - 1)
        {
            return false;
        }

        for (var i = 0; i < point.ExplicitBounds.Count; i++)
        {
            if (!double.IsFinite(point.ExplicitBounds[i]) || (i > 0 && point.ExplicitBounds[i] <= point.ExplicitBounds[i - 1]))
            {
                return false;
            }
        }

        // So that sums of them cannot overflow.
        return point.BucketCounts.All(count => count <= int.MaxValue);
    }

    private bool TryReadKey(Metric metric, RepeatedField<KeyValue> attributes, string node, out SeriesKey? key, out long bytes)
    {
        (key, bytes) = (null, KeyOverhead);
        if (attributes.Count > TelemetryLimits.MaxAttributes)
        {
            return false;
        }

        var read = _values.Attributes(attributes, ref bytes);
        Array.Sort(read, static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        key = new SeriesKey(node, _values.Name(metric.Name, ref bytes), read);
        return true;
    }

    private sealed class Batch
    {
        public List<MetricSample> Samples { get; } = [];

        public int Unusable { get; set; }

        public int Ignored { get; set; }
    }
}
