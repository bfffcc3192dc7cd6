using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Instrumentation.Http;

namespace Dske.ServiceDefaults.Telemetry;

/// <summary>What a span of a request may say: no probe gets one, and none carries a query string.</summary>
internal static class SpanContent
{
    private static readonly PathString[] Unobserved = ["/health", "/alive", "/openapi", "/scalar"];

    // Whoever watches a network asks for it several times a second.
    private const string StatusPath = "/mgmt/v1/status";

    public static void Restrict(AspNetCoreTraceInstrumentationOptions options)
    {
        options.Filter = static context => IsObserved(context.Request.Path);
        options.EnrichWithHttpRequest = static (activity, _) => activity.SetTag("url.query", null);
    }

    public static void Restrict(HttpClientTraceInstrumentationOptions options)
    {
        options.FilterHttpRequestMessage = static request => request.RequestUri is null || IsObserved(request.RequestUri.AbsolutePath);
        options.EnrichWithHttpRequestMessage = static (activity, request) => SetFullUrl(activity, request.RequestUri);
    }

    private static void SetFullUrl(Activity activity, Uri? uri)
    {
        if (uri is { IsAbsoluteUri: true })
        {
            activity.SetTag("url.full", uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));
        }
    }

    private static bool IsObserved(PathString path)
    {
        foreach (var prefix in Unobserved)
        {
            if (path.StartsWithSegments(prefix))
            {
                return false;
            }
        }

        return path.Value?.EndsWith(StatusPath, StringComparison.Ordinal) != true;
    }
}
