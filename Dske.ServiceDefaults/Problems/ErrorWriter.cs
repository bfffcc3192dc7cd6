using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Dske.ServiceDefaults.Problems;

/// <summary>
/// Writes every error of the node, in the format of its route. Unlike the framework's own writer it does not ask what the caller
/// accepts: an error without a body helps nobody.
/// </summary>
internal sealed class ErrorWriter : IProblemDetailsWriter
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Dske.Errors";

    private const string ProblemContentType = "application/problem+json";

    private readonly IErrorFormat[] _formats;
    private readonly JsonOptions _json;
    private readonly Counter<long> _errors;

    public ErrorWriter(IEnumerable<IErrorFormat> formats, IOptions<JsonOptions> json, IMeterFactory meters)
    {
        _errors = meters.Create(MeterName).CreateCounter<long>(
            "dske.errors", "{answer}", "Requests that were answered with an error, by its type and status. Heads of requests that cannot be read are not among them.");
        _formats = [.. formats];
        _json = json.Value;
    }

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = Complete(context.ProblemDetails, context.HttpContext);
        _errors.Add(1, new("dske.error", problem.Type![ProblemTypes.Prefix.Length..]), new("http.response.status_code", problem.Status));
        foreach (var format in _formats)
        {
            if (format.Applies(context.HttpContext.Request))
            {
                await format.WriteAsync(context.HttpContext, problem);
                return;
            }
        }

        var type = _json.SerializerOptions.GetTypeInfo(problem.GetType());
        await context.HttpContext.Response.WriteAsJsonAsync(problem, type, ProblemContentType, context.HttpContext.RequestAborted);
    }

    private static ProblemDetails Complete(ProblemDetails problem, HttpContext context)
    {
        var status = problem.Status ??= context.Response.StatusCode;
        if (problem.Type is null || !problem.Type.StartsWith(ProblemTypes.Prefix, StringComparison.Ordinal))
        {
            problem.Type = ProblemTypes.ForStatus(status);
        }

        problem.Title ??= ReasonPhrases.GetReasonPhrase(status);
        if (Activity.Current is { } activity)
        {
            problem.Extensions["traceId"] = activity.TraceId.ToHexString();
        }

        return problem;
    }
}
