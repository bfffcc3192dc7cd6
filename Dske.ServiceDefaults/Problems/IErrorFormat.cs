using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Dske.ServiceDefaults.Problems;

/// <summary>
/// Another way to write errors than problem details, for routes of a standard that has its own error schema (ETSI GS QKD 014, SKIP).
/// Register it as a singleton: <c>services.AddSingleton&lt;IErrorFormat, …&gt;()</c>. The first one that applies is used, for whatever
/// goes wrong on its routes: results of handlers, unreadable requests, 404 and 405 of routing, unhandled exceptions.
/// </summary>
public interface IErrorFormat
{
    /// <summary>Whether this format serves the request. Go by the path: a request that routing refused has no endpoint.</summary>
    /// <param name="request">The request that failed.</param>
    bool Applies(HttpRequest request);

    /// <summary>Writes the headers and the body of the answer. Its status is set already.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="problem">What went wrong: status, type, and a detail that is fit for the caller.</param>
    /// <returns>A task that ends when the answer is written.</returns>
    Task WriteAsync(HttpContext context, ProblemDetails problem);
}
