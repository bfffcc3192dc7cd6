using Dske.ServiceDefaults.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Access;

/// <summary>Registers what <see cref="AccessConventions"/> go by.</summary>
internal static class AccessExtensions
{
    public static void AddAccessPolicy(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section);
        builder.Services.AddSingleton<AccessPolicy>();
        builder.Services.AddSingleton(new StartupCheck(FindProblem));
    }

    private static string? FindProblem(IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<AccessOptions>>().Value.OperatorTokenFile is not { Length: > 0 } file)
        {
            return null;
        }

        if (!OperatorToken.TryRead(file, out var token, out var problem))
        {
            return $"{AccessOptions.Section}:{nameof(AccessOptions.OperatorTokenFile)} cannot be used: {problem}";
        }

        token.Dispose();
        return null;
    }
}
