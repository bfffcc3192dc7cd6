using Dske.Protocol.Psrd;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.ServiceDefaults.Storage;

/// <summary>Has a node erase what it removed.</summary>
public static class RemovedBlocksExtensions
{
    /// <summary>Adds the work in the background that erases removed blocks of PSRD.</summary>
    /// <param name="services">The node's services.</param>
    /// <param name="find">Finds the node's PSRD.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddErasure(this IServiceCollection services, Func<IServiceProvider, IPsrdStore> find)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(find);
        return services.AddHostedService(provider => ActivatorUtilities.CreateInstance<RemovedBlocks>(provider, find(provider)));
    }
}
