namespace Dske.Tests.Distributed;

/// <summary>A network of its own, for tests that kill much of it: hubs and clients keep journals of the PSRD that they use.</summary>
public sealed class JournaledNetwork : NetworkFixture
{
    public new const string Collection = "A network of processes with journals";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    public string Journals => Path.Combine(Root, "journals");

    /// <summary>Kills nodes, starts them, and kills them again as soon as they have opened their storage.</summary>
    public async Task KillTwiceAsync(IReadOnlyCollection<string> nodes, CancellationToken cancellationToken)
    {
        await KillAsync(nodes, cancellationToken);
        var lengths = nodes.ToDictionary(node => node, LengthOfJournal);
        await Task.WhenAll(nodes.Select(node => BeginStartAsync(node, cancellationToken)));
        foreach (var (node, length) in lengths)
        {
            while (LengthOfJournal(node) == length)
            {
                await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
            }
        }

        await KillAsync(nodes, cancellationToken);
    }

    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        Directory.CreateDirectory(Journals);
        builder.Configuration["Dske:Journal"] = Journals;
        foreach (var node in builder.Resources.OfType<ProjectResource>())
        {
            // Nodes that live for seconds gain nothing from being compiled a second time.
            node.Annotations.Add(new EnvironmentCallbackAnnotation(context => context.EnvironmentVariables["DOTNET_TieredCompilation"] = "0"));
        }
    }

    private long LengthOfJournal(string node) => new FileInfo(Path.Combine(Journals, $"{node}.journal")).Length;
}
