using Dske.Hub.Endpoints;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Errors;
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
        .AddOpenApiOperationTransformer(EnrolmentDescription.DescribeAsync)
        .AddEndpointFilter(CheckRegistrationAsync)
        .Guard(Check);

    /// <summary>What the caller's enrolment token allows; null where the hub asks for none. The route has checked it against the request.</summary>
    public static EnrolmentGrant? GetEnrolment(this HttpContext context) => context.Features.Get<EnrolmentGrant>();

    private static ProblemDetails? Check(HttpContext context)
    {
        var access = context.RequestServices.GetRequiredService<OutOfBandAccess>();
        if (!access.TryAdmit(context.Request.Headers.Authorization, out var grant, out var error))
        {
            return Refusal(context, error.Value);
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
            LogRefusal(context.HttpContext, DskeError.EnrolmentNotGranted);
            return ValueTask.FromResult<object?>(HubApi.Refuse(DskeError.EnrolmentNotGranted));
        }

        return next(context);
    }

    private static ProblemDetails Refusal(HttpContext context, DskeError error)
    {
        LogRefusal(context, error);
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

    private static void LogRefusal(HttpContext context, DskeError error) => LogRefused(
        context.RequestServices.GetRequiredService<ILogger<OutOfBandAccess>>(), context.Request.Method, DskeErrors.GetName(error));

    [LoggerMessage(1202, LogLevel.Warning, "Out-of-band {Method} refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string method, string reason);
}
