using Dske.LocalHosting;

namespace SampleApp;

/// <summary>An AppHost whose nodes are named by its arguments: <c>apphost LIFELINE name…</c>, where <c>LIFELINE</c> is a port or 0.</summary>
public static class SampleAppHost
{
    public const int PortThatTestsReplace = 9;

    public static void Run(string[] arguments)
    {
        if (arguments is not [var lifeline, .. var names])
        {
            return;
        }

        var builder = DistributedApplication.CreateBuilder([]);
        foreach (var name in names)
        {
            builder.AddProject<SampleProject>(name, launchProfileName: null)
                .WithHttpEndpoint(lifeline == "0" ? PortThatTestsReplace : null)
                .WithEnvironment(SampleNode.Lifeline, lifeline)
                .WithEnvironment("Logging__LogLevel__Default", "Warning");
        }

        builder.Build().Run();
    }
}
