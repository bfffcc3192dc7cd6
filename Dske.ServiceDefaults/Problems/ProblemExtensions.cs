using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Dske.ServiceDefaults.Problems;

/// <summary>Problem details (RFC 9457) for whatever goes wrong, and JSON that is read strictly to begin with.</summary>
internal static class ProblemExtensions
{
    private const int MaxJsonDepth = 16;

    public static void AddProblems(this WebApplicationBuilder builder)
    {
        // Before AddProblemDetails: the first writer that can write does.
        builder.Services.AddSingleton<IProblemDetailsWriter, ErrorWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<BadRequestHandler>();

        // As in Development everywhere: the exception says what was unreadable, BadRequestHandler says it to the caller.
        builder.Services.Configure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(static options => ReadStrictly(options.SerializerOptions));
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(static (context, next) => TryAcceptCharset(context.Request)
            ? next(context)
            : throw new BadHttpRequestException("JSON is UTF-8.", StatusCodes.Status415UnsupportedMediaType));
    }

    // RFC 8259 section 8.1. The framework would decode other charsets, and takes one that it does not know, a quoted one included, for a
    // fault of ours: it gets to see none.
    private static bool TryAcceptCharset(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
        {
            return true;
        }

        if (!HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        type.Charset = default;
        request.ContentType = type.ToString();
        return true;
    }

    private static void ReadStrictly(JsonSerializerOptions options)
    {
        options.AllowDuplicateProperties = false;
        options.MaxDepth = MaxJsonDepth;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.PropertyNameCaseInsensitive = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
    }
}
