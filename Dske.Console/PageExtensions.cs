using Dske.Console.Access;
using Dske.Console.Pages;
using Dske.ServiceDefaults;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Startup;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Dske.Console;

/// <summary>What makes a web application show pages, to those who may see them.</summary>
internal static class PageExtensions
{
    private const string LivePath = "/_blazor";

    /// <summary>Pages rather than an API, and nothing of its own in the traces that it shows.</summary>
    public static void ServePages(this ServiceDefaultsOptions options, IConfiguration configuration)
    {
        options.HasApiPages = false;
        options.TracesRequests = false;
        options.ConfigureListener = listen =>
            PageAddresses.Configure(listen, configuration.GetSection(PageOptions.Section).Get<PageOptions>() ?? new PageOptions());
    }

    /// <summary>Adds pages, their components and the gate before them.</summary>
    public static void AddPages(this WebApplicationBuilder builder)
    {
        // Not in Development alone: run from build output, pages have no styles and scripts otherwise.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddCheckedOptions<PageOptions>(PageOptions.Section, PageOptions.FindProblems);
        builder.Services.AddSingleton<PageGate>().OpenAtStart<PageGate>();

        // Keys that end with the process: pages that were open ask for a new one anyway, and nothing is left on disk.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();

        // At Information hosting writes whole addresses, and that of a login may have the token in it.
        builder.Services.PostConfigure<LoggerFilterOptions>(static options =>
        {
            // Behind the rules of the configuration, for each provider that has any: the last of the most exact ones counts.
            foreach (var provider in options.Rules.Select(static rule => rule.ProviderName).Append(null).Distinct().ToList())
            {
                options.Rules.Add(new LoggerFilterRule(provider, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning, null));
            }
        });
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddFluentUIComponents();

        var grpcPort = builder.Configuration.GetValue<int?>($"{PageOptions.Section}:{nameof(PageOptions.OtlpGrpcPort)}");
        builder.WebHost.UseUrls(PageAddresses.Combine(builder.Configuration[WebHostDefaults.ServerUrlsKey], grpcPort));
    }

    /// <summary>Puts the gate at the front of the pipeline.</summary>
    public static void UsePageAccess(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseOwnOriginOnly(LivePath);

        // Not before the first request: what is wrong with its settings is told when the node starts.
        app.Use(static (context, next) => context.RequestServices.GetRequiredService<PageGate>().RunAsync(context, next));
    }

    /// <summary>Maps the pages and what they consist of.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapLogin();
        app.MapStaticAssets();
        app.UseAntiforgery();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(static options => options.ContentSecurityFrameAncestorsPolicy = "'none'");
    }
}
