using Microsoft.Extensions.Configuration;

namespace Dske.AppHost.Nodes;

/// <summary>Settings of the AppHost that are for tests and measurements, not for networks that matter.</summary>
internal static class NodeStorage
{
    /// <summary>Whether nodes are to keep everything in memory (<c>Dske:Storage:InMemory</c>).</summary>
    /// <exception cref="InvalidOperationException">The value is neither true nor false.</exception>
    public static bool KeepsNothing(this IConfiguration configuration) => configuration.GetValue<bool>("Dske:Storage:InMemory");

    /// <summary>
    /// The full path of the directory, which exists, where hubs and clients journal their use of PSRD (<c>Dske:Journal</c>); null for no
    /// journals.
    /// </summary>
    public static string? JournalDirectory(this IConfiguration configuration) =>
        configuration["Dske:Journal"] is { Length: > 0 } directory ? Path.GetFullPath(directory) : null;
}
