using System.Runtime.InteropServices;

namespace Dske.Cli.Network;

/// <summary>Finds the program that runs networks, and the <c>dotnet</c> that runs it.</summary>
internal static class AppHostProgram
{
    /// <summary>The variable that names the AppHost where it is not to be found otherwise.</summary>
    public const string Variable = "DSKE_APPHOST";

    private const string FileName = Repository.AppHostProject + ".dll";

    /// <summary>Finds the AppHost: what was named, what the variable names, what lies beside this command, what was built in its own clone.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="named">What was named: its <c>.dll</c>, or a directory that holds it; null for nothing.</param>
    /// <returns>The full path of its <c>.dll</c>.</returns>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static string Find(CommandContext context, string? named)
    {
        if ((named ?? context.Variable(Variable)) is { Length: > 0 } given)
        {
            var path = context.FullPath(given);
            return FindIn(path) ?? throw new CommandFailure(ExitCode.BadInput, $"{path} is no AppHost: name {FileName}, or a directory that holds it.");
        }

        var repository = Repository.Find();
        return FindIn(AppContext.BaseDirectory)
            ?? (repository is null ? null : FindIn(Path.Combine(repository, Repository.AppHostProject)))
            ?? throw new CommandFailure(ExitCode.BadInput, repository is null
                ? $"The AppHost is not to be found: name {FileName} with --apphost or {Variable}."
                : $"The AppHost is not built yet: dotnet build {Path.Combine(repository, Repository.AppHostProject)}");
    }

    /// <summary>
    /// Finds <c>dotnet</c>: the one whose runtime this command runs on, else the one that the environment names. Its whole path, since a bare name would also be looked for
    /// in the current directory.
    /// </summary>
    /// <param name="context">What the command works with.</param>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static string FindDotnet(CommandContext context)
    {
        var executable = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string?[] places =
        [
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", executable)),
            context.Variable("DOTNET_HOST_PATH"),
            context.Variable("DOTNET_ROOT") is { Length: > 0 } root ? Path.Combine(root, executable) : null,
        ];
        return Array.Find(places, place => place is not null && Path.IsPathFullyQualified(place) && File.Exists(place))
            ?? throw new CommandFailure(ExitCode.Failed, $"{executable} is not to be found: set DOTNET_ROOT to where it is.");
    }

    private static string? FindIn(string path)
    {
        if (File.Exists(path))
        {
            return path.EndsWith(".dll", StringComparison.Ordinal) ? path : null;
        }

        if (File.Exists(Path.Combine(path, FileName)))
        {
            return Path.Combine(path, FileName);
        }

        // A project: of what was built, that of the configuration that this command was built in, else the latest.
        var output = Path.Combine(path, "bin");
        var own = Path.Combine(output, Configuration);
        return Directory.Exists(output)
            ? Directory.EnumerateFiles(output, FileName, SearchOption.AllDirectories)
                .OrderByDescending(file => file.StartsWith(own + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                .ThenByDescending(File.GetLastWriteTimeUtc)
                .FirstOrDefault()
            : null;
    }

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif
}
