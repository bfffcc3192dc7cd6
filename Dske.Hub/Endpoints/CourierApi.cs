using System.ComponentModel;
using Dske.Hub.Hosting;
using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Management;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Dske.Hub.Endpoints;

/// <summary>Files of PSRD for couriers: for the operator on this machine. What is handed out is sealed.</summary>
internal static partial class CourierApi
{
    /// <summary>The header that names the file in the answer.</summary>
    public const string FileHeader = "DSKE-Courier-File";

    /// <summary>Maps the routes.</summary>
    public static void MapCourierApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/mgmt/v1/psrd").WithTags("Courier").ReportStorageFaults().OperatorHereOnly().LocalOnly()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("/export", ExportAsync)
            .MaxRequestBody(1024 * 1024)
            .WithName("PostPsrdExport")
            .WithSummary("Make a file for a courier")
            .WithDescription(
                "Makes blocks for both pools of a client, keeps its copies and hands out the others as a sealed file. The file waits for the client from the last part "
                + $"of it on; what breaks off before leaves nothing. The answer's header {FileHeader} names the file.")
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet("/exports", GetExports)
            .WithName("GetPsrdExports")
            .WithSummary("List the files that wait for their clients")
            .WithDescription("Files that clients have shown to have are none of them any more.");
        group.MapDelete("/exports/{file}", Abandon)
            .WithName("DeletePsrdExport")
            .WithSummary("Abandon a file")
            .WithDescription("Erases the hub's copies: to whoever has the file it is of no use any more. A file that is in use cannot be abandoned.")
            .DescribePathParameter("file", "The file's UUID.", "6f7c5a0e-3a4b-4c8d-9e0f-1a2b3c4d5e6f")
            .Produces<CourierExportReport>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ExportAsync(
        CourierExportRequest request,
        [FromHeader(Name = CourierSecretHeader.Name), Description("What seals the file: passphrase or key, a blank, and the bytes in base64.")] string? secret,
        HubEngine hub,
        CourierDesk desk,
        IOptions<HubOptions> options,
        HttpContext context,
        ILogger<HubEngine> logger)
    {
        if (!CourierSecretHeader.TryParse(secret, out var key))
        {
            return HubApi.RefuseWithDetail(
                hub, DskeError.MalformedMessage, $"The header {CourierSecretHeader.Name} is missing or no passphrase of {CourierSecret.MinPassphrase}, or key of {CourierSecret.MinKey}, bytes or more.");
        }

        using (key)
        {
            using var turn = await desk.EnterAsync(context.RequestAborted);
            var (export, error) = await Task.Run(() => (hub.BeginExport(
                new CourierOrder(request.ClientName, request.EncryptorNames, request.Size, request.BeginsAnew), out var refused, context.RequestAborted), refused));
            if (export is null)
            {
                return HubApi.RefuseWithDetail(hub, error!.Value, Explain(error.Value, options.Value.Limits));
            }

            using (export)
            {
                await WriteAsync(export, key, context, logger);
                return Results.Empty;
            }
        }
    }

    /// <summary>Where a limit is in the way, the operator is told which, and how to raise it.</summary>
    private static string Explain(DskeError error, HubLimits limits)
    {
        const string setting = $"{HubOptions.Section}:{nameof(HubOptions.Limits)}:{nameof(HubLimits.MaxCourierBytes)}";
        return error switch
        {
            DskeError.PsrdSizeOutOfRange => $"A file has 4 KiB to {limits.MaxCourierBytes} bytes for each owner ({setting} of the hub).",
            DskeError.PsrdLimitReached =>
                $"The client would have more than {limits.MaxCourierBytes} bytes for each owner ({setting} of the hub), or more than {limits.MaxBlocksPerPool / 2} blocks.",
            _ => DskeErrors.GetTitle(error),
        };
    }

    private static async Task WriteAsync(CourierExport export, CourierSecret key, HttpContext context, ILogger logger)
    {
        using var writer = await Task.Run(() => CourierWriter.Create(export.File, export.Manifest, key, SystemEntropySource.Instance));
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = writer.FileLength;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers[FileHeader] = export.File.ToString("D");
        try
        {
            await writer.WriteAsync(context.Response.Body, export.Read, export.Complete, context.RequestAborted);
            LogExported(logger, export.File, export.Manifest.Client, export.Manifest.Blocks.Sum(block => block.Size));
        }
        catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The caller sees that the answer breaks off, and the file is not whole.
            LogFault(logger, e, e.Message);
            context.Abort();
        }
    }

    private static CourierExportsReport GetExports(HubEngine hub) => new()
    {
        Exports = [.. hub.GetExports().Select(export => CourierExportReport.Of(hub.Name.Value, export))],
    };

    private static IResult Abandon(HubEngine hub, HttpContext context, ILogger<HubEngine> logger)
    {
        if (!Guid.TryParseExact(context.GetRouteText("file"), "D", out var file) || hub.AbandonExport(file) is not { } abandoned)
        {
            return HubApi.RefuseWithDetail(hub, DskeError.CourierFileUnknown, DskeErrors.GetTitle(DskeError.CourierFileUnknown));
        }

        LogAbandoned(logger, file);
        return TypedResults.Ok(CourierExportReport.Of(hub.Name.Value, abandoned));
    }

    [LoggerMessage(1301, LogLevel.Information, "File {File} for client {Client} was made: {Bytes} bytes of PSRD wait for it to arrive")]
    private static partial void LogExported(ILogger logger, Guid file, string client, long bytes);

    [LoggerMessage(1302, LogLevel.Error, "A file for a courier breaks off: {Message}")]
    private static partial void LogFault(ILogger logger, Exception fault, string message);

    [LoggerMessage(1303, LogLevel.Information, "File {File} was abandoned")]
    private static partial void LogAbandoned(ILogger logger, Guid file);
}
