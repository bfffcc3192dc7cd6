using Microsoft.AspNetCore.Http;

namespace Dske.ServiceDefaults.Problems;

/// <summary>
/// The stable <c>type</c> of a problem (RFC 9457 section 3.1.1): a URN below <see cref="Prefix"/>. Nodes add their own.
/// </summary>
public static class ProblemTypes
{
    /// <summary>What every problem type of this system begins with.</summary>
    public const string Prefix = "urn:dske:error:";

    /// <summary>The caller is on another machine; where an encrypted connection is enough, this one is not encrypted.</summary>
    public const string LocalOnly = Prefix + "local-only";

    /// <summary>The caller is on another machine, and has not shown the operator's token.</summary>
    public const string OperatorOnly = Prefix + "operator-only";

    /// <summary>The <c>Host</c> header names a host that is not this node.</summary>
    public const string ForeignHost = Prefix + "foreign-host";

    /// <summary>A browser sent the request on behalf of another origin's page.</summary>
    public const string ForeignOrigin = Prefix + "foreign-origin";

    /// <summary>The request cannot be read: bad JSON, a missing or unknown member, a value of the wrong type.</summary>
    public const string MalformedRequest = Prefix + "malformed-request";

    /// <summary>Something of the node's own failed; its log says what.</summary>
    public const string InternalError = Prefix + "internal-error";

    /// <summary>The type of a problem that only its HTTP status tells apart.</summary>
    /// <param name="status">The HTTP status code, 400 to 599.</param>
    public static string ForStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => MalformedRequest,
        StatusCodes.Status401Unauthorized => Prefix + "unauthorized",
        StatusCodes.Status403Forbidden => Prefix + "forbidden",
        StatusCodes.Status404NotFound => Prefix + "not-found",
        StatusCodes.Status405MethodNotAllowed => Prefix + "method-not-allowed",
        StatusCodes.Status406NotAcceptable => Prefix + "not-acceptable",
        StatusCodes.Status408RequestTimeout => Prefix + "request-timeout",
        StatusCodes.Status409Conflict => Prefix + "conflict",
        StatusCodes.Status413PayloadTooLarge => Prefix + "body-too-large",
        StatusCodes.Status415UnsupportedMediaType => Prefix + "unsupported-media-type",
        StatusCodes.Status429TooManyRequests => Prefix + "too-many-requests",
        StatusCodes.Status503ServiceUnavailable => Prefix + "unavailable",
        >= StatusCodes.Status500InternalServerError => InternalError,
        _ => Prefix + "bad-request",
    };
}
