using System.Runtime.Versioning;
using System.Text;
using Dske.AppHost.Launch;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.AppHost;

[Trait("Tier", "Unit")]
public sealed class EnrolmentFilesTests : IDisposable
{
    private const string Network =
        """
        hubs: [{name: hank}, {name: helen}, {name: far, url: "http://far.example/hub/far"}]
        threshold: 2
        clients:
          - {name: carol, encryptors: [{name: sam}, {name: sara, sae_id: "Sara's"}]}
          - {name: conny}
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Every_hub_that_runs_here_has_a_key_and_every_client_its_token()
    {
        var launch = Read(Network);

        Assert.True(Renew(launch), "The files could not be written.");

        Assert.Equal(
            ["carol@hank.token", "carol@helen.token", "conny@hank.token", "conny@helen.token", "hank.key", "helen.key"],
            FileNames(launch));
        using var hank = ReadKey(launch, "hank");
        Assert.True(hank.TryVerify(ReadToken(launch, "carol", "hank"), NodeName.Parse("hank"), out var grant));
        Assert.Equal("carol", grant.Client.Value);
        Assert.Equal(["Sara's", "sam"], grant.Encryptors.Select(encryptor => encryptor.Value));
        Assert.False(hank.TryVerify(ReadToken(launch, "carol", "helen"), NodeName.Parse("helen"), out _));
    }

    [Fact]
    public void All_are_made_anew_at_each_start_and_those_of_another_network_go()
    {
        var launch = Read(Network);
        Assert.True(Renew(launch));
        var earlier = ReadToken(launch, "carol", "hank");
        var state = Path.Combine(launch.DataDirectory, "enrolment", "state");
        File.WriteAllText(state, "of a node called enrolment");

        var smaller = Read("hubs: [{name: hank}, {name: hugo}]\nthreshold: 2\nclients: [{name: carol}]\n");
        Assert.True(Renew(smaller));

        Assert.Equal(["carol@hank.token", "carol@hugo.token", "hank.key", "hugo.key", "state"], FileNames(smaller));
        using var hank = ReadKey(smaller, "hank");
        Assert.False(hank.TryVerify(earlier, NodeName.Parse("hank"), out _));
    }

    [Fact]
    public void Hubs_that_serve_whoever_asks_leave_no_tokens()
    {
        Assert.True(Renew(Read(Network)));

        var open = Read(Network, "--oob", "open");
        Assert.True(Renew(open));

        Assert.Empty(FileNames(open));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Nobody_but_the_owner_may_look_into_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        var launch = Read(Network);
        var directory = Directory.CreateDirectory(Path.Combine(launch.DataDirectory, "enrolment"), (UnixFileMode)0b111_101_101);

        Assert.True(Renew(launch));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, directory.UnixFileMode);
        Assert.All(directory.GetFiles(), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
    }

    [Theory]
    [InlineData(300, 60)]
    [InlineData(1001, 1)]
    public void A_client_with_more_encryptors_than_a_token_holds_is_told(int count, int length)
    {
        var encryptors = Enumerable.Range(0, count).Select(i => $"{{name: e{i}, sae_id: \"{i:D4}{new string('x', length)}\"}}");
        var launch = Read($"hubs: [{{name: hank}}, {{name: helen}}]\nthreshold: 2\nclients: [{{name: carol, encryptors: [{string.Join(", ", encryptors)}]}}]\n");

        Assert.False(launch.Enrolment.TryRenew(launch.Topology, launch.OutOfBand, SystemEntropySource.Instance, out var problem));

        Assert.StartsWith("carol has more encryptors", problem, StringComparison.Ordinal);
        Assert.Contains("--oob open", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_told()
    {
        var launch = Read(Network);
        Directory.CreateDirectory(launch.DataDirectory);
        File.WriteAllText(Path.Combine(launch.DataDirectory, "enrolment"), "a file");

        Assert.False(launch.Enrolment.TryRenew(launch.Topology, launch.OutOfBand, SystemEntropySource.Instance, out var problem));

        Assert.Contains("--data", problem, StringComparison.Ordinal);
    }

    private NetworkLaunch Read(string topology, params string[] more)
    {
        var file = Path.Combine(_directory.FullName, "topology.yaml");
        File.WriteAllText(file, topology);
        Assert.True(NetworkLaunch.TryRead(["--topology", file, .. more], out var launch, out _));
        return launch;
    }

    private static bool Renew(NetworkLaunch launch)
    {
        Directory.CreateDirectory(launch.DataDirectory);
        return launch.Enrolment.TryRenew(launch.Topology, launch.OutOfBand, SystemEntropySource.Instance, out _);
    }

    private static IEnumerable<string?> FileNames(NetworkLaunch launch) =>
        Directory.EnumerateFiles(Path.Combine(launch.DataDirectory, "enrolment")).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private static EnrolmentKey ReadKey(NetworkLaunch launch, string hub)
    {
        Assert.True(OwnerOnlyFile.TryRead(launch.Enrolment.KeyFileOf(NodeName.Parse(hub)), EnrolmentKey.TextLength, out var text, out _));
        using (text)
        {
            Assert.True(EnrolmentKey.TryParse(text.Span, out var key));
            return key;
        }
    }

    private static string ReadToken(NetworkLaunch launch, string client, string hub)
    {
        var file = launch.Enrolment.TokenFileOf(NodeName.Parse(client), NodeName.Parse(hub));
        Assert.True(OwnerOnlyFile.TryRead(file, EnrolmentToken.MaxLength, out var text, out _));
        using (text)
        {
            return Encoding.ASCII.GetString(text.Span);
        }
    }
}
