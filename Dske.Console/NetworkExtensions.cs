namespace Dske.Console;

/// <summary>What lets the console look at the network.</summary>
internal static class NetworkExtensions
{
    /// <summary>Adds it.</summary>
    public static void AddNetwork(this WebApplicationBuilder builder)
    {
    }
}
