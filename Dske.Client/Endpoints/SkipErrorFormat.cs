using Dske.Protocol.Skip;
using Dske.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;

namespace Dske.Client.Endpoints;

/// <summary>One body for whatever goes wrong on SKIP's paths, of which the draft defines the statuses only.</summary>
internal sealed class SkipErrorFormat : IErrorFormat
{
    /// <inheritdoc />
    public bool Applies(HttpRequest request) => SkipPaths.Contain(request.Path);

    /// <inheritdoc />
    public Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new SkipError { Message = problem.Detail ?? problem.Title ?? "The request failed." }, SkipJson.Default.SkipError);
    }
}
