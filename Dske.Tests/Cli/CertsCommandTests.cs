using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dske.Certificates;
using Dske.Cli;
using Dske.Protocol.Identifiers;
using Dske.ServiceDefaults.Tls;

namespace Dske.Tests.Cli;

[Trait("Tier", "Unit")]
public sealed class CertsCommandTests : IDisposable
{
    private readonly CommandRun _run = new();

    private CertificateDirectory Files => new(_run.PathOf("tls"));

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task What_is_issued_is_good_where_the_authority_is_trusted()
    {
        await SucceedAsync("certs", "init");
        await SucceedAsync("certs", "issue", "node", "carol", "--host", "carol.example");
        await SucceedAsync("certs", "issue", "sae", "Büro/1");

        var now = TimeProvider.System.GetUtcNow();
        var trust = new PeerTrust([X509CertificateLoader.LoadCertificateFromFile(Files.Authority.Certificate)], null);
        using var node = Load(Files.OfNode("carol"));
        Assert.Null(trust.FindProblem(node, [], PeerRole.Server, now));
        Assert.True(node.MatchesHostname("carol.example"));
        using var sae = Load(Files.OfSae("B%C3%BCro%2F1"));
        Assert.Null(trust.FindProblem(sae, [], PeerRole.Client, now));
        Assert.NotNull(trust.FindProblem(sae, [], PeerRole.Server, now));
        Assert.True(new SaeIdRule(SaeIdRule.DefaultOrder).TryRead(sae, out var id, out _));
        Assert.Equal(SaeId.Parse("Büro/1"), id);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Keys_are_for_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no modes there.");
        await SucceedAsync("certs", "init", "--dir", "ca");
        await SucceedAsync("certs", "issue", "sae", "sam", "--dir", "ca", "--out", "sam.pem");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_run.PathOf("sam.key")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_run.PathOf("ca/ca.key")));
    }

    [Fact]
    public async Task A_directory_with_other_files_is_neither_used_nor_closed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no modes there.");
        _run.Write("shared/notes.txt", "ours");
#pragma warning disable CA1416 // Skipped on Windows.
        var mode = File.GetUnixFileMode(_run.PathOf("shared"));

        Assert.Contains("holds other files", await _run.FailAsync(ExitCode.WrongState, "certs", "init", "--dir", "shared"), StringComparison.Ordinal);

        Assert.Equal(mode, File.GetUnixFileMode(_run.PathOf("shared")));
#pragma warning restore CA1416
        Assert.Equal(["notes.txt"], Directory.GetFileSystemEntries(_run.PathOf("shared")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Nothing_that_is_there_is_replaced_unless_that_is_asked_for()
    {
        await SucceedAsync("certs", "init");
        await SucceedAsync("certs", "issue", "node", "carol");
        var (authority, node) = (File.ReadAllText(Files.Authority.Certificate), File.ReadAllText(Files.OfNode("carol").Certificate));

        Assert.Contains("There is an authority", await _run.FailAsync(ExitCode.WrongState, "certs", "init"), StringComparison.Ordinal);
        Assert.Contains("--force replaces it", await _run.FailAsync(ExitCode.WrongState, "certs", "issue", "node", "carol"), StringComparison.Ordinal);
        Assert.Equal((authority, node), (File.ReadAllText(Files.Authority.Certificate), File.ReadAllText(Files.OfNode("carol").Certificate)));

        await SucceedAsync("certs", "issue", "node", "carol", "--force");
        Assert.NotEqual(node, File.ReadAllText(Files.OfNode("carol").Certificate));
    }

    [Fact]
    public async Task Who_was_revoked_is_refused_and_stays_so()
    {
        await SucceedAsync("certs", "init");
        foreach (var sae in new[] { "sam", "sofia", "sunny" })
        {
            await SucceedAsync("certs", "issue", "sae", sae);
        }

        await SucceedAsync("certs", "revoke", Files.OfSae("sam").Certificate, "--json");
        Assert.Equal(Files.RevocationFile, JsonElement.Parse(_run.Output).GetProperty("list").GetString());
        await SucceedAsync("certs", "revoke", "tls/saes/sofia.pem");
        await SucceedAsync("certs", "revoke");

        Assert.True(RevokedCertificates.TryLoad(Files.RevocationFile, out _, out var problem), problem);
        var list = CertificateRevocationListBuilder.LoadPem(File.ReadAllText(Files.RevocationFile), out var number);
        Assert.Equal(3, number);
        Assert.True(Removes(list, "sam"));
        Assert.True(Removes(list, "sofia"));
        Assert.False(Removes(list, "sunny"));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_not_revoked()
    {
        await SucceedAsync("certs", "init");
        await SucceedAsync("certs", "init", "--dir", "other");
        await SucceedAsync("certs", "issue", "sae", "sam", "--dir", "other");

        var message = await _run.FailAsync(ExitCode.BadInput, "certs", "revoke", "other/saes/sam.pem");

        Assert.EndsWith("was not issued by this authority. Nothing was revoked.", message, StringComparison.Ordinal);
        Assert.False(File.Exists(Files.RevocationFile));
    }

    [Theory]
    [InlineData(ExitCode.WrongState, "There is no authority", "certs", "issue", "node", "carol", "--dir", "none")]
    [InlineData(ExitCode.BadInput, "is no name for a node", "certs", "issue", "node", "Carol")]
    [InlineData(ExitCode.BadInput, "is no DNS name", "certs", "issue", "node", "carol", "--host", "a b")]
    [InlineData(ExitCode.BadInput, "An SAE ID has 1 to 255", "certs", "issue", "sae", " ")]
    [InlineData(ExitCode.BadInput, "not of the key", "certs", "issue", "sae", "sam", "--out", "sam.key")]
    [InlineData(ExitCode.BadInput, "is no certificate", "certs", "revoke", "missing.pem")]
    public async Task What_cannot_be_done_is_said_in_a_line(ExitCode expected, string said, params string[] arguments)
    {
        await SucceedAsync("certs", "init");

        Assert.Contains(said, await _run.FailAsync(expected, arguments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_whose_files_are_no_good_is_bad_input()
    {
        await SucceedAsync("certs", "init");
        File.WriteAllText(Files.Authority.Key, "nonsense");

        Assert.Contains("cannot be used", await _run.FailAsync(ExitCode.BadInput, "certs", "issue", "node", "carol"), StringComparison.Ordinal);
    }

    private static X509Certificate2 Load((string Certificate, string Key) files) => X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    private bool Removes(CertificateRevocationListBuilder list, string sae)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(Files.OfSae(sae).Certificate);
        return list.RemoveEntry(certificate.SerialNumberBytes.Span);
    }

    private async Task SucceedAsync(params string[] arguments) =>
        Assert.True(await _run.RunAsync(arguments) == ExitCode.Success, _run.Errors);
}
