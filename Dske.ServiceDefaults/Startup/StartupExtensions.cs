using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dske.ServiceDefaults.Startup;

/// <summary>What a node looks at before it listens. Problems are reported one a line, and the node ends with exit code 1.</summary>
public static class StartupExtensions
{
    /// <summary>Binds options to a section of the configuration and checks them when the node starts.</summary>
    /// <typeparam name="TOptions">The type of the options.</typeparam>
    /// <param name="services">The node's services.</param>
    /// <param name="section">The section.</param>
    /// <param name="findProblems">Says what is wrong with them, each problem with its configuration key and what to do.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddCheckedOptions<TOptions>(
        this IServiceCollection services, string section, Func<TOptions, IEnumerable<string>> findProblems)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(findProblems);
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        return services.AddSingleton<IValidateOptions<TOptions>>(new Validator<TOptions>(findProblems));
    }

    /// <summary>
    /// Makes a service before the node listens, for instance one that opens a data directory. When that fails with an
    /// <see cref="IOException"/>, its message is the problem.
    /// </summary>
    /// <typeparam name="TService">The service, which is registered as a singleton.</typeparam>
    /// <param name="services">The node's services.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection OpenAtStart<TService>(this IServiceCollection services)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(new StartupCheck(static provider =>
        {
            try
            {
                provider.GetRequiredService<TService>();
                return null;
            }
            catch (IOException e)
            {
                return e.Message;
            }
        }));
    }

    private sealed class Validator<TOptions>(Func<TOptions, IEnumerable<string>> findProblems) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            string[] problems = [.. findProblems(options)];
            return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
