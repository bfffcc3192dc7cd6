using System.Buffers;
using System.IO.Compression;
using Google.Protobuf;
using Microsoft.Net.Http.Headers;

namespace Dske.Console.Otlp;

/// <summary>OTLP over HTTP with protocol buffers: one message a request, plain or compressed with gzip.</summary>
internal static class OtlpHttpEndpoint
{
    private const string ProtobufType = "application/x-protobuf";

    /// <summary>Makes what answers the requests of one signal.</summary>
    /// <param name="parser">Reads a request.</param>
    /// <param name="shape">The parts of a request.</param>
    /// <param name="receive">Takes it in.</param>
    public static RequestDelegate Create<TRequest, TResponse>(MessageParser<TRequest> parser, WireShape shape, Func<IServiceProvider, TRequest, TResponse> receive)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
        => async context =>
        {
            if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals(ProtobufType, StringComparison.OrdinalIgnoreCase))
            {
                await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Send the body as {ProtobufType}.");
                return;
            }

            var encoding = context.Request.Headers.ContentEncoding.ToString();
            var isCompressed = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase);
            if (!isCompressed && encoding is not ("" or "identity"))
            {
                await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "Send the body as it is, or compressed with gzip.");
                return;
            }

            var body = ArrayPool<byte>.Shared.Rent(OtlpLimits.MaxMessageBytes + 1);
            try
            {
                var length = await ReadAsync(context, isCompressed, body);
                if (length < 0)
                {
                    await RefuseAsync(context, StatusCodes.Status400BadRequest, "The body is not compressed with gzip.");
                }
                else if (length > OtlpLimits.MaxMessageBytes)
                {
                    await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"The message is larger than {OtlpLimits.MaxMessageBytes} bytes.");
                }
                else if (!WireReader.TryRead(parser, shape, body.AsSpan(0, length), out var request))
                {
                    await RefuseAsync(context, StatusCodes.Status400BadRequest, "This is not a message of OTLP, or one with too many parts.");
                }
                else
                {
                    var response = receive(context.RequestServices, request).ToByteArray();
                    context.Response.ContentType = ProtobufType;
                    context.Response.ContentLength = response.Length;
                    await context.Response.Body.WriteAsync(response, context.RequestAborted);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(body);
            }
        };

    /// <summary>Refuses a request in the format of all errors.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string detail) => TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);

    /// <summary>Reads the body, up to the size of the buffer.</summary>
    /// <returns>The length, -1 when it cannot be decompressed.</returns>
    private static async Task<int> ReadAsync(HttpContext context, bool isCompressed, Memory<byte> buffer)
    {
        try
        {
            await using var decompressed = isCompressed ? new GZipStream(context.Request.Body, CompressionMode.Decompress, leaveOpen: true) : null;
            return await (decompressed ?? context.Request.Body).ReadAtLeastAsync(buffer[..(OtlpLimits.MaxMessageBytes + 1)], OtlpLimits.MaxMessageBytes + 1, throwOnEndOfStream: false, context.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return -1;
        }
        catch (BadHttpRequestException refusal) when (refusal.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return OtlpLimits.MaxMessageBytes + 1;
        }
    }
}
