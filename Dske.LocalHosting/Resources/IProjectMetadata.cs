namespace Dske.LocalHosting;

/// <summary>
/// Where a project is. The build writes one such class per project reference of an AppHost, in the namespace <c>Projects</c>.
/// </summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The full path of the project file; its folder is the working directory of the process.</summary>
    string ProjectPath { get; }

    /// <summary>The full path of the assembly that the build made of the project, in the configuration of the AppHost.</summary>
    string AssemblyPath { get; }
}
