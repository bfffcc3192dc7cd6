using Dske.Encryptor.Sinks;
using Dske.ServiceDefaults.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Encryptor.Endpoints;

/// <summary>Says how things stand with the key sinks: <c>/encryptor/{sae}/api/v1/sinks</c>. They are made by configuration alone.</summary>
internal static class SinksApi
{
    public static void MapSinksApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/sinks", List)
            .LocalOnly()
            .WithName("ListSinks")
            .WithSummary("List the key sinks")
            .WithDescription(
                "Where keys are handed to other equipment on each roll-over, and how that goes. Sinks are made by configuration alone; what they "
                + "write or run is not shown, nor is any key.")
            .AddOpenApiOperationTransformer(Examples.OfSinks);

    internal static Ok<SinkList> List(KeySinks sinks) => TypedResults.Ok(new SinkList { Sinks = [.. sinks.All.Select(Describe)] });

    private static SinkListEntry Describe(KeySink sink)
    {
        var status = sink.Status;
        return new SinkListEntry
        {
            Name = sink.Name,
            Peer = sink.Settings.Peer.SaeId.Value,
            Kind = sink.Settings.Target.Kind,
            Size = sink.Settings.SizeBits,
            IntervalSeconds = sink.Settings.Interval?.TotalSeconds,
            KeyId = status.HandedOver?.KeyId,
            Fingerprint = status.HandedOver?.Fingerprint,
            RolledOverAt = status.HandedOverAt,
            WaitingKeyId = status.Latest?.KeyId == status.HandedOver?.KeyId ? null : status.Latest?.KeyId,
            NextAt = status.NextAt,
            RollOvers = status.RollOvers,
            Failures = status.Failures,
            LastError = status.LastError,
        };
    }
}
