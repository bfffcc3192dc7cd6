using System.Text.Json;
using Dske.AppHost.Launch;
using Dske.Cli;
using Dske.Protocol.Secrets;
using Dske.Tests.Cli;

namespace Dske.Tests.Distributed;

/// <summary>A network of processes on couriered files alone, as an operator runs it.</summary>
[Trait("Tier", "Distributed")]
[Collection(AppHostProcess.Name)]
public sealed class CourieredNetworkTests : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    private readonly CommandRun _command = new(
        """
        hubs: [{name: hank}, {name: helen}, {name: hugo}]
        threshold: 2
        base_port: 24220
        clients:
          - {name: carol, encryptors: [{name: sam}]}
          - {name: conny, encryptors: [{name: sofia}]}
        """);

    public void Dispose() => _command.Dispose();

    [Fact(Timeout = 2 * NetworkFixture.TestTimeout)]
    public async Task A_network_without_any_route_out_of_band_lives_on_files()
    {
        Assert.SkipWhen(Orchestrator.IsAspire, "Aspire needs its dashboard outside tests.");
        OwnerOnlyFile.WriteLine(_command.PathOf("pass"), "correct horse battery"u8);
        try
        {
            await SucceedAsync("start", "--oob", "off", "--no-console", "--json");
            await AssertNothingIsHandedOutAsync();
            Assert.Equal(ExitCode.Failed, await _command.RunAsync("establish", "sam", "sofia"));

            foreach (var hub in new[] { "hank", "helen", "hugo" })
            {
                await SucceedAsync("psrd", "export", "--hub", hub, "--client", "carol,conny", "--size", "256KiB", "--out", $"{hub}.psrd", "--passphrase-file", "pass", "--json");
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(_command.PathOf($"{hub}.psrd")));
                File.Copy(_command.PathOf($"{hub}.psrd"), _command.PathOf($"{hub}.copy"));
                var imported = await SucceedAsync("psrd", "import", $"{hub}.psrd", "--passphrase-file", "pass", "--shred", "--json");
                Assert.Equal(["carol", "conny"], imported.EnumerateArray().Select(report => report.GetProperty("client_name").GetString()));
                Assert.False(File.Exists(_command.PathOf($"{hub}.psrd")));
                var again = await SucceedAsync("psrd", "import", $"{hub}.copy", "--passphrase-file", "pass", "--json");
                Assert.All(again.EnumerateArray(), report => Assert.True(report.GetProperty("was_imported").GetBoolean()));
            }

            await EstablishAsync();
            await SucceedAsync("restart", "--hub", "hank", "--client", "carol", "--json");
            await EstablishAsync();

            var before = await LeftAsync("carol", "hank");
            await SucceedAsync("psrd", "export", "--hub", "hank", "--client", "carol", "--size", "1MiB", "--out", "refill", "--passphrase-file", "pass", "--json");
            Assert.Single((await SucceedAsync("psrd", "list", "--json")).EnumerateArray());
            await SucceedAsync("psrd", "import", "refill", "--passphrase-file", "pass", "--json");
            while (await LeftAsync("carol", "hank") < before + (1 << 19))
            {
                await Task.Delay(RetryInterval, TimeProvider.System, TestContext.Current.CancellationToken);
            }

            Assert.Empty((await SucceedAsync("psrd", "list", "--json")).EnumerateArray());
            await EstablishAsync();
        }
        finally
        {
            await _command.RunAsync("stop");
        }
    }

    private static async Task AssertNothingIsHandedOutAsync()
    {
        using var http = new HttpClient();
        foreach (var request in (HttpRequestMessage[])
        [
            new(HttpMethod.Get, "http://localhost:24220/hub/hank/dske/oob/v1/psrd?client_name=carol&owner=client&size=512"),
            new(HttpMethod.Put, "http://localhost:24220/hub/hank/dske/oob/v1/registration"),
        ])
        {
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("out-of-band-off", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    /// <summary>Establishes a key, again and again until it works: links that have just begun may not be in use yet.</summary>
    private async Task EstablishAsync()
    {
        while (await _command.RunAsync("establish", "sam", "sofia", "--json") != ExitCode.Success)
        {
            await Task.Delay(RetryInterval, TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.True(JsonElement.Parse(_command.Output).GetProperty("confirmed").GetBoolean());
    }

    private static async Task<long> LeftAsync(string client, string hub)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync($"http://localhost:24223/client/{client}/mgmt/v1/status", TestContext.Current.CancellationToken);
        var link = JsonElement.Parse(text).GetProperty("peer_hubs").EnumerateArray().Single(peer => peer.GetProperty("hub_name").GetString() == hub);
        return link.GetProperty("local_pool").GetProperty("blocks").EnumerateArray()
            .Sum(block => block.GetProperty("size").GetInt64() - block.GetProperty("nr_used_bytes").GetInt64());
    }

    private async Task<JsonElement> SucceedAsync(params string[] arguments)
    {
        var code = await _command.RunAsync(arguments);
        Assert.True(code == ExitCode.Success, $"{string.Join(' ', arguments)}: {code}, {_command.Errors}");
        return JsonElement.Parse(_command.Output);
    }
}
