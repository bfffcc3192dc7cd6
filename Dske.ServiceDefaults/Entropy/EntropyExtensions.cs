using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Entropy;

/// <summary>Adds what a node needs around its source of randomness. The source itself belongs to the protocol.</summary>
public static class EntropyExtensions
{
    /// <summary>Adds the settings (<see cref="EntropyOptions"/>, checked at start) and the <see cref="EntropyAlarm"/> with its health check.</summary>
    /// <param name="builder">The application being built.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static void AddEntropyAlarm(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<EntropyOptions>().BindConfiguration(EntropyOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<EntropyOptions>, EntropyOptionsValidator>();
        builder.Services.AddSingleton<EntropyAlarm>();
        builder.Services.AddHealthChecks().AddCheck<EntropyAlarm>(EntropyAlarm.CheckName);
    }
}
