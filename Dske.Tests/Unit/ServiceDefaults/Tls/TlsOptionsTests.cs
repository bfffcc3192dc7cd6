using System.Runtime.Versioning;
using Dske.ServiceDefaults.Tls;
using Dske.Tests.Services;
using Dske.Tests.Services.Tls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Dske.Tests.Unit.ServiceDefaults.Tls;

[Trait("Tier", "Unit")]
public sealed class TlsOptionsTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_set_is_fine_and_off()
    {
        Assert.False(Options().IsConfigured);
        Assert.True(Validate(Options()).Succeeded);
    }

    [Fact]
    public void All_that_is_needed_is_enough()
    {
        Assert.True(Validate(Options(_folder.SettingsOf("carol"))).Succeeded);
        _folder.WriteRevocations();
        Assert.True(Validate(Options(_folder.SettingsOf("carol", ("Dske:Tls:RevocationFile", _folder.RevocationFile), ("Dske:Tls:ServerCaFile", _folder.AuthorityFile)))).Succeeded);
    }

    [Fact]
    public void All_problems_are_told_together()
    {
        var problems = OptionsProblems.KeysOf(Validate(Options(
            ("Dske:Tls:CertificateFile", _folder.PathOf("none.pem")),
            ("Dske:Tls:OutboundCertificateFile", _folder.AuthorityFile),
            ("Dske:Tls:RevocationFile", _folder.AuthorityFile),
            ("Dske:Tls:ServerCaFile", _folder.PathOf("ca.key")),
            ("Dske:Tls:SaeIdSources:0", "dns"),
            ("Dske:Tls:SaeIdSources:1", "DNS"),
            ("Dske:Tls:ReloadInterval", "00:00:00.5"))));

        Assert.Equal(
            [
                "Dske:Tls:CertificateFile", "Dske:Tls:ClientCaFile", "Dske:Tls:KeyFile", "Dske:Tls:OutboundKeyFile", "Dske:Tls:ReloadInterval",
                "Dske:Tls:SaeIdSources", "Dske:Tls:ServerCaFile",
            ],
            problems);
    }

    [Theory]
    [InlineData("KeyFile")]
    [InlineData("OutboundCertificateFile")]
    [InlineData("OutboundKeyFile")]
    [InlineData("ClientCaFile")]
    [InlineData("ServerCaFile")]
    [InlineData("RevocationFile")]
    public void Half_a_configuration_is_a_problem_and_not_none(string setting)
    {
        var problem = Assert.Single(Validate(Options(($"Dske:Tls:{setting}", "x"))).Failures!);

        Assert.StartsWith("Dske:Tls:CertificateFile is missing, though Dske:Tls:" + setting, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("subject")]
    [InlineData("uri", "uri")]
    [InlineData("")]
    public void Sources_of_SAE_IDs_are_known_and_different(params string[] sources) => Assert.Equal(
        ["Dske:Tls:SaeIdSources"],
        OptionsProblems.KeysOf(Validate(Options([.. sources.Index().Select(source => ($"Dske:Tls:SaeIdSources:{source.Index}", source.Item))]))));

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_key_that_others_can_read_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no modes there.");
        var options = Options(_folder.SettingsOf("carol"));
        File.SetUnixFileMode(_folder.PathOf("carol.key"), UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var problem = Assert.Single(Validate(options).Failures!);

        Assert.StartsWith("Dske:Tls:KeyFile cannot be used: ", problem, StringComparison.Ordinal);
        Assert.Contains("chmod 600", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CertificateFile", "do not go together")]
    [InlineData("ClientCaFile", "is not the certificate of an authority")]
    [InlineData("ClientCaFile", "holds no root certificate")]
    public void What_a_file_holds_is_looked_at(string setting, string expected)
    {
        var settings = _folder.SettingsOf("carol");
        _folder.WriteNode(_folder.Authority, "celia");

        var failures = Validate(Options([.. settings, ($"Dske:Tls:{setting}", _folder.PathOf("celia.pem"))])).Failures!.ToList();

        Assert.All(failures, failure => Assert.StartsWith($"Dske:Tls:{setting} cannot be used: ", failure, StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_certificate_of_an_SAE_does_not_serve()
    {
        var settings = _folder.SettingsOf("carol");
        using (var issued = _folder.Authority.IssueSae("carol"))
        {
            issued.Write(_folder.PathOf("carol.pem"), _folder.PathOf("carol.key"));
        }

        Assert.Contains("not for serving", Assert.Single(Validate(Options(settings)).Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(366, false)]
    [InlineData(-1, false)]
    public void A_certificate_of_the_node_s_own_has_to_be_valid(int days, bool isValid)
    {
        var options = Options(_folder.SettingsOf("carol"));
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(days));

        Assert.Equal(isValid, new TlsOptionsValidator(clock).Validate(null, options).Succeeded);
    }

    [Theory]
    [InlineData("-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n", "cannot be read")]
    [InlineData("nothing", "it holds no list of")]
    public void A_revocation_list_has_to_be_one(string content, string expected)
    {
        File.WriteAllText(_folder.RevocationFile, content);

        var failures = Validate(Options(_folder.SettingsOf("carol", ("Dske:Tls:RevocationFile", _folder.RevocationFile)))).Failures!;

        Assert.Contains(failures, failure => failure.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_revocation_list_has_to_be_of_an_authority_that_is_trusted()
    {
        using var other = new CertificateFolder("Another CA");
        other.WriteRevocations();

        var failures = Validate(Options(_folder.SettingsOf("carol", ("Dske:Tls:RevocationFile", other.RevocationFile)))).Failures!;

        Assert.Contains(failures, failure => failure.Contains("not signed by one of the authorities", StringComparison.Ordinal));
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(TlsOptions options) =>
        new TlsOptionsValidator(TimeProvider.System).Validate(null, options);

    private static TlsOptions Options(params (string Key, string Value)[] settings)
    {
        var options = new TlsOptions();
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.GroupBy(setting => setting.Key).Select(group => new KeyValuePair<string, string?>(group.Key, group.Last().Value)))
            .Build().GetSection(TlsOptions.Section).Bind(options);
        return options;
    }
}
