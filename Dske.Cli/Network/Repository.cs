namespace Dske.Cli.Network;

/// <summary>Finds a clone of the repository: the one that one stands in, else the one that this command was built in.</summary>
internal static class Repository
{
    /// <summary>The project of the AppHost within it.</summary>
    public const string AppHostProject = "Dske.AppHost";

    /// <summary>Finds it.</summary>
    /// <param name="context">What the command works with.</param>
    /// <returns>Its full path; null where there is none.</returns>
    public static string? Find(CommandContext context) => FindAbove(context.Directory) ?? FindAbove(AppContext.BaseDirectory);

    private static string? FindAbove(string directory)
    {
        for (var current = new DirectoryInfo(directory); current is not null; current = current.Parent)
        {
            if (File.Exists(Path.Combine(current.FullName, AppHostProject, AppHostProject + ".csproj")))
            {
                return current.FullName;
            }
        }

        return null;
    }
}
