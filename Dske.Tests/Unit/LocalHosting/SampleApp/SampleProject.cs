using Dske.LocalHosting;

namespace SampleApp;

/// <summary>This project as a resource; the counterpart of the classes that the build writes for an AppHost.</summary>
public sealed class SampleProject : IProjectMetadata
{
    public string ProjectPath => Path.ChangeExtension(AssemblyPath, ".csproj");

    public string AssemblyPath => typeof(SampleProject).Assembly.Location;
}
