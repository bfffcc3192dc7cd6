using Dske.Console.Otlp.Wire;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Dske.Console.Otlp;

/// <summary>
/// The three services of OTLP over gRPC. They are not the generated ones, which take a message that cannot be read for a fault of ours.
/// </summary>
internal sealed class OtlpGrpcMethods : IServiceMethodProvider<OtlpGrpcService>
{
    /// <summary>What the paths of the services begin with.</summary>
    public const string PackagePrefix = "opentelemetry.proto.collector.";

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<OtlpGrpcService> context)
    {
        Add(context, "trace.v1.TraceService", ExportTraceServiceRequest.Parser, WireShape.Traces, static (service, request) => service.Spans.Receive(request));
        Add(context, "logs.v1.LogsService", ExportLogsServiceRequest.Parser, WireShape.Logs, static (service, request) => service.Logs.Receive(request));
        Add(context, "metrics.v1.MetricsService", ExportMetricsServiceRequest.Parser, WireShape.Metrics, static (service, request) => service.Metrics.Receive(request));
    }

    private static void Add<TRequest, TResponse>(
        ServiceMethodProviderContext<OtlpGrpcService> context,
        string service,
        MessageParser<TRequest> parser,
        WireShape shape,
        Func<OtlpGrpcService, TRequest, TResponse> receive)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var method = new Method<TRequest, TResponse>(
            MethodType.Unary,
            PackagePrefix + service,
            "Export",
            new Marshaller<TRequest>(static (_, _) => throw new NotSupportedException("The console receives."), payload => Read(parser, shape, payload)),
            new Marshaller<TResponse>(Write, static _ => throw new NotSupportedException("The console receives.")));
        context.AddUnaryMethod(method, [], (instance, request, _) => Task.FromResult(receive(instance, request)));
    }

    private static TRequest Read<TRequest>(MessageParser<TRequest> parser, WireShape shape, DeserializationContext payload)
        where TRequest : IMessage<TRequest>
        => WireReader.TryRead(parser, shape, payload.PayloadAsReadOnlySequence(), out var request)
            ? request
            : throw new RpcException(new Grpc.Core.Status(StatusCode.InvalidArgument, "This is not a message of OTLP, or one with too many parts."));

    private static void Write<TResponse>(TResponse response, SerializationContext context)
        where TResponse : IMessage<TResponse>
    {
        context.SetPayloadLength(response.CalculateSize());
        response.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
