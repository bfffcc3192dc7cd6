using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Dske.ServiceDefaults.ApiPages;

/// <summary>
/// The API document at <c>/openapi/v1.json</c> and the page to read and try it at <c>/scalar</c>. Neither needs the internet, and a
/// content security policy holds the page to that.
/// </summary>
internal static class ApiPageExtensions
{
    private const string DocumentName = "v1";
    private const string PagePath = "/scalar";

    // The bundle styles and starts itself inline; everything else comes from, and goes to, this node alone.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; " +
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void AddApiPages(this WebApplicationBuilder builder, ServiceDefaultsOptions node)
    {
        var title = node.Title ?? builder.Environment.ApplicationName;
        builder.Services.AddSingleton(new ApiTitle(title));
        builder.Services.AddOpenApi(DocumentName, options => options
            .AddOperationTransformer(NodeOpenApi.DeclarePathParameters)
            .AddSchemaTransformer(NodeOpenApi.OpenProblems)
            .AddSchemaTransformer(DocumentationComments.Describe)
            .AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = title;
                document.Info.Description = node.Description;

                // Relative, since only the reader knows by which name and port it reached the node.
                document.Servers = [new OpenApiServer { Url = "/" }];
                return Task.CompletedTask;
            }));
    }

    public static void MapApiPages(this WebApplication app)
    {
        if (app.Services.GetService<ApiTitle>()?.Text is not { } title)
        {
            return;
        }

        app.MapOpenApi();
        app.MapScalarApiReference(PagePath, options => options
                .WithTitle(title)
                .AddDocument(DocumentName, title)
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideClientButton()
                .HideDeveloperTools())
            .Add(static endpoint =>
            {
                var page = endpoint.RequestDelegate;
                endpoint.RequestDelegate = context =>
                {
                    context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
                    return page!(context);
                };
            });
    }

    private sealed record ApiTitle(string Text);
}
