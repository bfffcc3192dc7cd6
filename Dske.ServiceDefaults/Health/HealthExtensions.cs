using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dske.ServiceDefaults.Health;

/// <summary>
/// <c>/health</c> says whether the node is ready (every check passes), <c>/alive</c> whether it answers at all (the checks tagged
/// <see cref="NodeHealth.LiveTag"/>). Both answer 200 or 503 with a small JSON object.
/// </summary>
internal static class HealthExtensions
{
    public static void AddNodeHealth(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck("self", static () => HealthCheckResult.Healthy(), [NodeHealth.LiveTag]);

    public static void MapNodeHealth(this WebApplication app)
    {
        app.MapHealthChecks(NodeHealth.ReadyPath, new HealthCheckOptions { ResponseWriter = WriteAsync });
        app.MapHealthChecks(NodeHealth.AlivePath, new HealthCheckOptions
        {
            Predicate = static check => check.Tags.Contains(NodeHealth.LiveTag),
            ResponseWriter = WriteAsync,
        });
    }

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        // Built by hand, since a probe arrives every second at every node. Exceptions stay in the log.
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, report.Status.ToString());
            json.WriteStartObject("checks"u8);
            foreach (var (name, entry) in report.Entries)
            {
                json.WriteStartObject(name);
                json.WriteString("status"u8, entry.Status.ToString());
                if (entry.Description is { } description && entry.Exception is null)
                {
                    json.WriteString("description"u8, description);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
