using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults.Startup;
using Dske.Storage;
using Microsoft.Extensions.Options;

namespace Dske.Client.Hosting;

/// <summary>Where a client keeps its state.</summary>
internal static class StorageHosting
{
    /// <summary>Adds the stores that the settings name. They are opened before the node listens, and closed after its engine.</summary>
    public static void AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, Validator>();

        // What is drawn for storage are names and keys of its own: a node whose source of PSRD has failed starts all the same.
        services.AddSingleton(static provider => NodeStores.OpenClient(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value, SystemEntropySource.Instance, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IStartupCheck, Check>();
    }

    private sealed class Validator : IValidateOptions<StorageOptions>
    {
        public ValidateOptionsResult Validate(string? name, StorageOptions options)
        {
            string[] problems = [.. options.FindProblems()];
            return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }

    private sealed class Check(IServiceProvider services) : IStartupCheck
    {
        public string? FindProblem()
        {
            try
            {
                services.GetRequiredService<NodeStores<IClientStateStore>>();
                return null;
            }
            catch (StorageException e)
            {
                return e.Message;
            }
        }
    }
}
