using System.ComponentModel;
using Dske.Client.Hosting;
using Dske.Protocol.Clients;
using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Management;
using Dske.Protocol.Psrd;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Dske.Client.Endpoints;

/// <summary>Reads files of PSRD that a courier brought: for the operator on this machine. What is handed in is sealed.</summary>
internal static partial class CourierApi
{
    /// <summary>Maps the route.</summary>
    public static void MapCourierApi(this IEndpointRouteBuilder routes) => routes
        .MapPost("/mgmt/v1/psrd/import", ImportAsync)
        .WithTags("Courier")
        .OperatorHereOnly()
        .LocalOnly()
        .MaxRequestBody(2 * CourierHeader.MaxContent)
        .WithName("PostPsrdImport")
        .WithSummary("Read a file that a courier brought")
        .WithDescription(
            "Checks all of the file before anything of it counts. It counts once, for the client and the instance that it is for, and only as long as its hub waits "
            + "for it. A refusal changes nothing.")
        .Accepts<Stream>("application/octet-stream")
        .Produces<CourierImportReport>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> ImportAsync(
        [FromHeader(Name = CourierSecretHeader.Name), Description("What opens the file: passphrase or key, a blank, and the bytes in base64.")] string? secret,
        ClientEngine client,
        CourierStaging staging,
        HttpContext context,
        ILogger<ClientEngine> logger)
    {
        if (!CourierSecretHeader.TryParse(secret, out var key))
        {
            return Refuse(
                DskeError.MalformedMessage,
                $"The header {CourierSecretHeader.Name} is missing or no passphrase of {CourierSecret.MinPassphrase}, or key of {CourierSecret.MinKey}, bytes or more.");
        }

        using (key)
        {
            try
            {
                await using var file = await staging.TakeAsync(context.Request.Body, context.RequestAborted);
                if (file is null)
                {
                    return Refuse(DskeError.CourierFileMalformed, DskeErrors.GetTitle(DskeError.CourierFileMalformed));
                }

                return Answer(await client.ImportAsync(file, key, context.RequestAborted), logger);
            }
            catch (BadHttpRequestException)
            {
                // The body broke off: that is the caller's.
                throw;
            }
            catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
            {
                LogFault(logger, e, e.Message);
                return Refuse(DskeError.StorageFailed, DskeErrors.GetTitle(DskeError.StorageFailed));
            }
        }
    }

    private static IResult Answer(CourierImport import, ILogger logger)
    {
        if (import.Error is { } error)
        {
            LogRefused(logger, DskeErrors.GetName(error), import.File);
            return Refuse(error, import.ImportedAt is { } time ? $"The file was imported already, on {time:u}. Nothing is left to do." : DskeErrors.GetTitle(error));
        }

        var manifest = import.Manifest!;
        LogImported(logger, import.File!.Value, manifest.Hub, manifest.Blocks.Sum(block => block.Size));
        return TypedResults.Ok(new CourierImportReport
        {
            File = import.File.Value,
            HubName = manifest.Hub,
            ClientName = manifest.Client,
            Enrols = manifest.Enrols is not null,
            ClientOwnedBytes = manifest.BytesFor(PoolOwner.Client),
            HubOwnedBytes = manifest.BytesFor(PoolOwner.Hub),
        });
    }

    private static ProblemHttpResult Refuse(DskeError error, string detail) => TypedResults.Problem(
        detail, statusCode: DskeErrors.GetStatus(error), type: DskeErrors.GetProblemType(error), title: DskeErrors.GetTitle(error));

    [LoggerMessage(2301, LogLevel.Information, "File {File} of hub {Hub} was imported: {Bytes} bytes of PSRD")]
    private static partial void LogImported(ILogger logger, Guid file, string hub, long bytes);

    [LoggerMessage(2302, LogLevel.Warning, "A couriered file was refused: {Reason} ({File})")]
    private static partial void LogRefused(ILogger logger, string reason, Guid? file);

    [LoggerMessage(2303, LogLevel.Error, "A couriered file could not be imported: {Message}")]
    private static partial void LogFault(ILogger logger, Exception fault, string message);
}
