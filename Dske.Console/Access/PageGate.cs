using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace Dske.Console.Access;

/// <summary>
/// Lets callers in: without a token those on this machine, with one those who show it. Telemetry from this machine needs none, since the nodes
/// beside the console have no business with its token.
/// </summary>
internal sealed class PageGate : IDisposable
{
    /// <summary>Where the token is shown.</summary>
    public const string LoginPath = "/login";

    private const string CookieName = "dske-console";

    private static readonly PathString[] Open = [LoginPath, NodeHealth.ReadyPath, NodeHealth.AlivePath, "/favicon.svg"];
    private static readonly PathString[] Telemetry = ["/v1/traces", "/v1/metrics", "/v1/logs"];
    private static readonly string GrpcPrefix = "/opentelemetry.proto.";

    private readonly PageToken? _token;

    /// <summary>Reads the token.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="configuration">The addresses to listen on.</param>
    /// <exception cref="IOException">The token cannot be read, or there is none though other machines can reach the console.</exception>
    public PageGate(IOptions<PageOptions> options, IConfiguration configuration)
    {
        if (options.Value.TokenFile is { Length: > 0 } file)
        {
            _token = PageToken.TryRead(file, out var token, out var problem)
                ? token
                : throw new IOException($"{PageOptions.Section}:{nameof(PageOptions.TokenFile)} cannot be used: {problem}");
        }
        else if (PageAddresses.FirstBeyondThisMachine(configuration[WebHostDefaults.ServerUrlsKey] ?? PageAddresses.Default) is { } address)
        {
            throw new IOException(PageAddresses.Refusal(address));
        }
    }

    /// <summary>Whether callers have to show a token.</summary>
    public bool AsksForToken => _token is not null;

    /// <summary>Lets a request through, or answers it.</summary>
    public Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (IsIn(context) || (_token is not null && Array.Exists(Open, request.Path.StartsWithSegments)))
        {
            return next(context);
        }

        if (_token is null)
        {
            return TypedResults.Problem(
                $"The console answers this machine alone. For others, set {PageOptions.Section}:{nameof(PageOptions.TokenFile)}.",
                statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
        }

        // A browser is led to where it can show the token; a script or a live connection is told.
        if (HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Redirect(LoginPath);
            return Task.CompletedTask;
        }

        return TypedResults.Problem("Show the token of the console first.", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
    }

    /// <summary>Looks at a token, and has the browser remember that it was right.</summary>
    /// <param name="context">The request.</param>
    /// <param name="text">What was shown, or null.</param>
    /// <returns>Whether it is the token.</returns>
    public bool TryLogIn(HttpContext context, string? text)
    {
        if (_token?.IsToken(text) != true)
        {
            return _token is null;
        }

        context.Response.Cookies.Append(CookieName, _token.CreateCookie(), new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => _token?.Dispose();

    private bool IsIn(HttpContext context)
    {
        if (_token is null)
        {
            return context.IsFromThisMachine();
        }

        return IsTelemetry(context.Request.Path)
            ? context.IsFromThisMachine() || _token.IsBearer(context.Request.Headers.Authorization)
            : _token.IsCookie(context.Request.Cookies[CookieName]);
    }

    private static bool IsTelemetry(PathString path) =>
        Array.Exists(Telemetry, path.StartsWithSegments) || path.Value?.StartsWith(GrpcPrefix, StringComparison.Ordinal) == true;
}
