using Dske.Hub.Endpoints;
using Dske.Hub.Traffic;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Errors;
using Dske.Protocol.Hubs;
using Dske.Protocol.Messages;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Mvc;

namespace Dske.Hub.Enrolment;

/// <summary>Who is let through to an out-of-band route. The settings decide (<see cref="OutOfBandOptions"/>).</summary>
internal static partial class EnrolmentConventions
{
    private const string ClientParameter = "client_name";

    /// <summary>
    /// Asks for an enrolment token where the hub does, and refuses what the token does not cover: by the query before anything is bound
    /// or read, a registration once its body is read, before the handler sees it.
    /// </summary>
    /// <remarks>Stands before <c>LocalOnly</c> in the code, and so behind it in the pipeline: who may not call at all learns nothing of tokens.</remarks>
    /// <param name="builder">The route.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static RouteHandlerBuilder NeedsEnrolment(this RouteHandlerBuilder builder) => builder
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .AddOpenApiOperationTransformer(EnrolmentDescription.DescribeAsync)
        .AddEndpointFilter(CheckRegistrationAsync)
        .Guard(Check);

    /// <summary>What the caller's enrolment token allows; null where the hub asks for none. The route has checked it against the request.</summary>
    public static EnrolmentGrant? GetEnrolment(this HttpContext context) => context.Features.Get<EnrolmentGrant>();

    private static ProblemDetails? Check(HttpContext context)
    {
        var (access, rates) = (context.RequestServices.GetRequiredService<OutOfBandAccess>(), context.RequestServices.GetRequiredService<OutOfBandRates>());
        var isAdmitted = access.TryAdmit(context.Request.Headers.Authorization, out var grant, out var error);
        if (!(grant is null ? rates.TryServeAddress(context) : rates.TryServeClient(grant.Client.Value)))
        {
            context.Response.Headers.RetryAfter = "1";
            return Refusal(context, DskeError.TooManyRequests);
        }

        if (!isAdmitted)
        {
            return Refusal(context, error!.Value);
        }

        if (grant is null)
        {
            return null;
        }

        context.Features.Set(grant);
        var client = context.Request.Query[ClientParameter];
        return client.Count == 0 || grant.Allows(client.ToString(), []) ? null : Refusal(context, DskeError.EnrolmentNotGranted);
    }

    private static ValueTask<object?> CheckRegistrationAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.GetEnrolment() is { } grant
            && context.Arguments.OfType<RegistrationRequest>().Any(request => !grant.Allows(request.ClientName, request.EncryptorNames)))
        {
            var services = context.HttpContext.RequestServices;
            LogRefused(
                services.GetRequiredService<ILogger<OutOfBandAccess>>(), context.HttpContext.Request.Method, DskeErrors.GetName(DskeError.EnrolmentNotGranted));
            return ValueTask.FromResult<object?>(HubApi.Refuse(services.GetRequiredService<HubEngine>(), DskeError.EnrolmentNotGranted));
        }

        return next(context);
    }

    private static ProblemDetails Refusal(HttpContext context, DskeError error)
    {
        Note(context, error);
        if (DskeErrors.GetStatus(error) == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return new ProblemDetails
        {
            Status = DskeErrors.GetStatus(error),
            Type = DskeErrors.GetProblemType(error),
            Title = DskeErrors.GetTitle(error),
        };
    }

    private static void Note(HttpContext context, DskeError error)
    {
        context.RequestServices.GetRequiredService<HubEngine>().Rejections.Count(error);
        var logger = context.RequestServices.GetRequiredService<ILogger<OutOfBandAccess>>();

        // Whoever asks too often fills no log with it either.
        if (error == DskeError.TooManyRequests)
        {
            LogTooMany(logger, context.Request.Method);
        }
        else
        {
            LogRefused(logger, context.Request.Method, DskeErrors.GetName(error));
        }
    }

    [LoggerMessage(1203, LogLevel.Debug, "Out-of-band {Method} refused: the caller asks too often")]
    private static partial void LogTooMany(ILogger logger, string method);

    [LoggerMessage(1202, LogLevel.Warning, "Out-of-band {Method} refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string method, string reason);
}
