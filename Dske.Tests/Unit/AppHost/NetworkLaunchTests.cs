using Dske.AppHost.Launch;

namespace Dske.Tests.Unit.AppHost;

[Trait("Tier", "Unit")]
public sealed class NetworkLaunchTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void State_is_kept_beside_the_topology_file_unless_told_otherwise()
    {
        var file = Write("hubs: [{name: hank}, {name: helen}]\nthreshold: 2\nclients: [{name: carol}]\n");

        Assert.True(NetworkLaunch.TryRead(["--topology", file], out var usual, out _));
        Assert.True(NetworkLaunch.TryRead(["--topology", file, "--data", "elsewhere"], out var elsewhere, out _));

        Assert.Equal(Path.Combine(_directory.FullName, ".dske"), usual.DataDirectory);
        Assert.Equal(Path.GetFullPath("elsewhere"), elsewhere.DataDirectory);
    }

    [Fact]
    public void Without_a_file_the_one_of_the_repository_is_run()
    {
        Assert.True(NetworkLaunch.TryRead([], out var launch, out _));

        Assert.Equal(5, launch.Topology.Hubs.Count);
    }

    [Theory]
    [InlineData("hubs: []\nclients: []\n")]
    [InlineData("hubs: [{name: hank}, {name: hank}]\nclients: [{name: carol}]\n")]
    [InlineData("hubs: [{name: 1hub}, {name: helen}]\nthreshold: 2\nclients: [{name: carol}]\n")]
    [InlineData("hubs: [{name: ha--nk}, {name: helen}]\nthreshold: 2\nclients: [{name: carol}]\n")]
    public void A_topology_that_cannot_be_run_ends_with_exit_code_1(string text)
    {
        Assert.False(NetworkLaunch.TryRead(["--topology", Write(text)], out _, out var exitCode));

        Assert.Equal(1, exitCode);
    }

    [Fact]
    public void A_missing_file_ends_with_exit_code_1_and_help_with_0()
    {
        Assert.False(NetworkLaunch.TryRead(["--topology", Path.Combine(_directory.FullName, "none.yaml")], out _, out var missing));
        Assert.False(NetworkLaunch.TryRead(["--help"], out _, out var help));

        Assert.Equal((1, 0), (missing, help));
    }

    private string Write(string text)
    {
        var file = Path.Combine(_directory.FullName, "topology.yaml");
        File.WriteAllText(file, text);
        return file;
    }
}
