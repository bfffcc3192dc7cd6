namespace Dske.Cli.Network;

/// <summary>
/// Finds the clone of the repository that this command was built in. Not one that one happens to stand in: what lies in or above a directory that others write to
/// must not be run.
/// </summary>
internal static class Repository
{
    /// <summary>The project of the AppHost within it.</summary>
    public const string AppHostProject = "Dske.AppHost";

    /// <summary>Finds it.</summary>
    /// <returns>Its full path; null where there is none.</returns>
    public static string? Find()
    {
        for (var current = new DirectoryInfo(AppContext.BaseDirectory); current is not null; current = current.Parent)
        {
            if (File.Exists(Path.Combine(current.FullName, AppHostProject, AppHostProject + ".csproj")))
            {
                return current.FullName;
            }
        }

        return null;
    }
}
