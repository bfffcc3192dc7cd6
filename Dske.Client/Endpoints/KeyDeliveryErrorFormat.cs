using Dske.Protocol.KeyDelivery;
using Dske.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;

namespace Dske.Client.Endpoints;

/// <summary>Errors as ETSI GS QKD 014 clause 6.5 words them, for whatever goes wrong below its paths.</summary>
internal sealed class KeyDeliveryErrorFormat : IErrorFormat
{
    /// <inheritdoc />
    public bool Applies(HttpRequest request) => request.Path.Value is { } path
        && path.StartsWith("/client/", StringComparison.Ordinal) && path.Contains("/etsi/", StringComparison.Ordinal);

    /// <inheritdoc />
    public Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new KeyDeliveryError { Message = problem.Detail ?? problem.Title ?? "The request failed." }, KeyDeliveryJson.Default.KeyDeliveryError);
    }
}
