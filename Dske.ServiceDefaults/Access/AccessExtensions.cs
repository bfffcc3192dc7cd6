using Dske.ServiceDefaults.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.ServiceDefaults.Access;

/// <summary>Registers what <see cref="AccessConventions"/> go by.</summary>
internal static class AccessExtensions
{
    public static void AddAccessPolicy(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section);
        builder.Services.AddSingleton<AccessPolicy>();
        builder.Services.AddSingleton(new StartupCheck(static services => services.GetRequiredService<AccessPolicy>().Problem));
    }
}
