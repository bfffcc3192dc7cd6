using Dske.Protocol.KeyDelivery;
using Dske.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;

namespace Dske.Client.Endpoints;

/// <summary>Errors as ETSI GS QKD 014 clause 6.5 words them, for whatever goes wrong below its paths.</summary>
internal sealed class KeyDeliveryErrorFormat : IErrorFormat
{
    /// <inheritdoc />
    public bool Applies(HttpRequest request)
    {
        // Whatever the case of letters: so does routing.
        var path = request.Path;
        return path.StartsWithSegments(KeyDeliveryPath.Standard)
            || (path.StartsWithSegments("/client", out var client)
                && client.Value!.IndexOf('/', Math.Min(1, client.Value.Length)) is > 0 and var end
                && new PathString(client.Value[end..]).StartsWithSegments("/etsi"));
    }

    /// <inheritdoc />
    public Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (response.StatusCode == StatusCodes.Status500InternalServerError)
        {
            // The standard has one status for faults of the KME.
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }

        return response.WriteAsJsonAsync(new KeyDeliveryError { Message = Describe(problem) }, KeyDeliveryJson.Default.KeyDeliveryError);
    }

    private static string Describe(ProblemDetails problem) => problem switch
    {
        { Detail: { } detail } => detail,
        { Status: StatusCodes.Status404NotFound } => "there is nothing at this path; status, enc_keys and dec_keys are served",
        { Status: StatusCodes.Status405MethodNotAllowed } => "this method is not served at this path; the Allow header says which are",
        { Status: StatusCodes.Status415UnsupportedMediaType } => "send the body as application/json",
        { Status: StatusCodes.Status500InternalServerError } => "the KME has failed; its log says why",
        _ => problem.Title ?? "the request failed",
    };
}
