using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Dske.AppHost.Launch;

/// <summary>Which orchestrator this AppHost was compiled against.</summary>
internal static class Orchestrator
{
    public const string Aspire = "Aspire";

    public const string BuiltIn = "BuiltIn";

    public static string Name { get; } = typeof(Orchestrator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Orchestrator").Value!;

    public static bool IsAspire => Name == Aspire;

    /// <summary>What it is, and how to get the other one.</summary>
    public static string Description => IsAspire
        ? $"Orchestrator: Aspire, with its dashboard. The built-in one: dotnet run --project Dske.AppHost -p:Orchestrator={BuiltIn}"
        : $"Orchestrator: built-in. Aspire, with its dashboard: dotnet run --project Dske.AppHost -p:Orchestrator={Aspire}";

    /// <summary>Whether endpoints take free ports instead of theirs, as they do under test.</summary>
    public static bool RandomizesPorts(this IConfiguration configuration) => configuration.GetValue<bool>("DcpPublisher:RandomizePorts");
}
