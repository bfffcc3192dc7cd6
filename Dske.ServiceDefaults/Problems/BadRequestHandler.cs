using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Dske.ServiceDefaults.Problems;

/// <summary>
/// Turns what the framework throws about an unreadable request into the 4xx that it stands for. Whatever else is thrown is a fault
/// of ours, and goes on to become a 500 that says nothing.
/// </summary>
internal sealed class BadRequestHandler : IExceptionHandler
{
    private readonly IProblemDetailsService _problems;

    public BadRequestHandler(IProblemDetailsService problems) => _problems = problems;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException refusal)
        {
            return false;
        }

        httpContext.Response.StatusCode = refusal.StatusCode;
        var context = new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = new ProblemDetails
            {
                Status = refusal.StatusCode,
                Type = ProblemTypes.ForStatus(refusal.StatusCode),
                Detail = Describe(refusal),
            },
        };
        try
        {
            return await _problems.TryWriteAsync(context);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone, killed in the middle of its request, say: there is nobody to tell, and nothing is wrong with this node.
            return true;
        }
    }

    // The messages of the framework name our types; the place in the document is what the caller can use.
    private static string Describe(BadHttpRequestException refusal) => refusal.InnerException switch
    {
        JsonException { Path: { Length: > 0 } path } => $"The body is not the JSON that this route expects, at {path}.",
        JsonException => "The body is not the JSON that this route expects.",
        _ when refusal.StatusCode == StatusCodes.Status413PayloadTooLarge => "The body is larger than this route accepts.",
        _ when refusal.StatusCode == StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json.",
        _ => "The request is not one that this route expects: a part of it is missing, incomplete or of the wrong type.",
    };
}
