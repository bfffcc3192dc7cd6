using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Dske.AppHost.Launch;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Topology;
using Dske.ServiceDefaults.Tls;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.AppHost;

[Trait("Tier", "Unit")]
public sealed class CertificateFilesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly CertificateFiles _files;

    public CertificateFilesTests() => _files = new CertificateFiles(_directory.FullName);

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Every_node_that_runs_here_gets_a_certificate_and_every_SAE_one_of_its_own()
    {
        Renew();

        string[] nodes = ["hank", "carol", "sam"];
        Assert.Equal(nodes.Order(StringComparer.Ordinal), NamesIn("nodes"));
        Assert.Equal(["sam"], NamesIn("saes"));
        foreach (var node in nodes)
        {
            Assert.Null(Trust().FindProblem(Load(_files.OfNode(NodeName.Parse(node))), [], PeerRole.Server, _time.GetUtcNow()));
        }

        var sae = Load(_files.OfSae(NodeName.Parse("sam")));
        Assert.Null(Trust().FindProblem(sae, [], PeerRole.Client, _time.GetUtcNow()));
        Assert.NotNull(Trust().FindProblem(sae, [], PeerRole.Server, _time.GetUtcNow()));
        Assert.True(new SaeIdRule(SaeIdRule.DefaultOrder).TryRead(sae, out var saeId, out _));
        Assert.Equal("Sam/1", saeId.Value);
        Assert.Null(Trust().FindProblem(Load(_files.Operator), [], PeerRole.Client, _time.GetUtcNow()));
        Assert.Null(Trust().FindProblem(Load(_files.Console), [], PeerRole.Client, _time.GetUtcNow()));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Nobody_else_can_look_into_keys_or_directories()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no modes there.");
        Renew();

        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        var keys = Directory.GetFiles(_directory.FullName, "*.key", SearchOption.AllDirectories);
        Assert.Equal(7, keys.Length);
        Assert.All(keys, key => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(key) & others));
        Assert.All(
            Directory.GetDirectories(_directory.FullName, "*", SearchOption.AllDirectories),
            directory => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(directory) & others));
    }

    [Fact]
    public void The_CA_lasts_and_what_it_issues_is_made_anew()
    {
        Renew();
        var (authority, node) = (File.ReadAllText(_files.AuthorityFile), File.ReadAllText(_files.OfNode(NodeName.Parse("hank")).Certificate));
        File.WriteAllText(Path.Combine(_directory.FullName, "tls", "nodes", "gone.pem"), "");

        Renew();

        Assert.Equal(authority, File.ReadAllText(_files.AuthorityFile));
        Assert.NotEqual(node, File.ReadAllText(_files.OfNode(NodeName.Parse("hank")).Certificate));
        Assert.DoesNotContain("gone", NamesIn("nodes"));
    }

    [Fact]
    public void A_CA_that_cannot_be_read_stays_until_somebody_deletes_it()
    {
        Renew();
        var authority = File.ReadAllText(_files.AuthorityFile);
        File.WriteAllText(Path.Combine(_directory.FullName, "tls", "ca.key"), "nonsense");

        Assert.False(_files.TryRenew(Topology(), _time, out var problem));

        Assert.Contains($"delete {_files.AuthorityFile} for a new one", problem, StringComparison.Ordinal);
        Assert.Equal(authority, File.ReadAllText(_files.AuthorityFile));
        File.Delete(_files.AuthorityFile);
        Renew();
        Assert.NotEqual(authority, File.ReadAllText(_files.AuthorityFile));
    }

    [Fact]
    public void A_CA_that_will_not_last_long_enough_is_replaced()
    {
        Renew();
        var authority = File.ReadAllText(_files.AuthorityFile);

        _time.Advance(TimeSpan.FromDays((9 * 365) + 1));
        Renew();

        Assert.NotEqual(authority, File.ReadAllText(_files.AuthorityFile));
        Assert.Null(Trust().FindProblem(Load(_files.Operator), [], PeerRole.Client, _time.GetUtcNow()));
    }

    [Fact]
    public void A_directory_that_cannot_be_written_is_a_problem_with_advice()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "tls"), "a file");

        Assert.False(_files.TryRenew(Topology(), _time, out var problem));

        Assert.StartsWith("Certificates cannot be made: ", problem, StringComparison.Ordinal);
        Assert.EndsWith("or name another directory with --data.", problem, StringComparison.Ordinal);
    }

    private static NetworkTopology Topology()
    {
        const string text =
            """
            hubs: [{name: hank}, {name: helen, url: "http://198.51.100.7/hub/helen"}]
            threshold: 2
            clients: [{name: carol, encryptors: [{name: sam, sae_id: Sam/1}]}, {name: conny, url: "http://198.51.100.7/client/conny", encryptors: [{name: sofia}]}]
            """;
        Assert.True(TopologyFile.TryParse(text, "test.yaml", out var topology, out var problems), string.Join('\n', problems));
        return topology;
    }

    private static X509Certificate2 Load((string Certificate, string Key) files) => X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    private void Renew() => Assert.True(_files.TryRenew(Topology(), _time, out var problem), problem);

    private PeerTrust Trust() => new([X509CertificateLoader.LoadCertificateFromFile(_files.AuthorityFile)], null);

    private IEnumerable<string?> NamesIn(string directory) =>
        Directory.GetFiles(Path.Combine(_directory.FullName, "tls", directory), "*.pem").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);
}
