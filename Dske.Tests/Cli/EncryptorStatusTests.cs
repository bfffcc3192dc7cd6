using System.Text.Json;
using Dske.Cli;

namespace Dske.Tests.Cli;

/// <summary>What <c>status</c> tells of an encryptor: its secure links and its key sinks.</summary>
[Trait("Tier", "Unit")]
public sealed class EncryptorStatusTests : IAsyncLifetime
{
    // As an encryptor lists them, all lists in one: the stand-in answers every question with the same.
    private const string Report =
        """
        {"keys":[{"key_ID":"1"}],
         "links":[
          {"peer":"sofia","configured":true,"role":"initiator","cipher":"aes-256-gcm","state":"up","epoch":17,"key_age_seconds":12.5,"next_roll_over_seconds":47.49,
           "roll_overs":21,"failures":2,"streams":3,"sent_bytes":1572864,"received_bytes":300,"pauses":0,"rejected":{}},
          {"peer":"serena","configured":true,"state":"connecting","reason":"The peer cannot be reached.","epoch":0,"roll_overs":0,"failures":5,"streams":0,"sent_bytes":0,
           "received_bytes":0,"pauses":0,"rejected":{}}],
         "sinks":[
          {"name":"wg0","peer":"sofia","kind":"command","size":256,"interval_s":120,"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139","fingerprint":"3f9a01c7",
           "rolled_over_at":"2026-01-05T10:30:00+01:00","waiting_key_ID":null,"next_at":"2026-01-05T09:32:00Z","rollovers":17,"failures":1,"last_error":null},
          {"name":"wg1","peer":"serena","kind":"file","size":256,"interval_s":null,"key_ID":null,"fingerprint":null,
           "rolled_over_at":null,"waiting_key_ID":null,"next_at":null,"rollovers":0,"failures":4,"last_error":"No key could be established: KmeUnavailable."}]}
        """;

    private readonly CommandRun _run = new(Networks.Small);
    private StandInAppHost _host = null!;

    public async ValueTask InitializeAsync() => _host = (await StandInAppHost.StartAsync(_run.PathOf(".dske")))
        .Add("hank", "hub", """{"name":"hank","peer_clients":[],"shares":[],"rejected":{}}""")
        .Add("sam", "encryptor", Report);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _run.Dispose();
    }

    [Fact]
    public async Task The_network_is_told_how_many_links_are_up()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("status"));

        Assert.Equal(["sam", "encryptor", "healthy", "1/2", "-", "1", "-"], Cells(_run.Output.Split('\n')[2])[..7]);
        Assert.DoesNotContain("wg0", _run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_encryptor_is_shown_link_by_link_and_sink_by_sink()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("status", "sam"));

        Assert.Equal(["sofia", "up", "aes-256-gcm", "17", "47", "s", "1.5", "MiB", "300", "B", "2", "-"], Line("sofia"));
        Assert.Equal(["serena", "connecting", "-", "0", "-", "0", "B", "0", "B", "5", "The peer cannot be reached."], Line("serena", last: 11));
        Assert.Equal(["wg0", "sofia", "command", "17", "2026-01-05", "09:30:00Z", "2026-01-05", "09:32:00Z", "1", "-"], Line("wg0"));
        Assert.Equal(["wg1", "serena", "file", "0", "-", "-", "4", "No key could be established: KmeUnavailable."], Line("wg1", last: 8));
    }

    [Fact]
    public async Task Programs_get_all_of_it_as_JSON()
    {
        Assert.Equal(ExitCode.Success, await _run.RunAsync("status", "sam", "--json"));

        var sam = JsonElement.Parse(_run.Output);
        var link = sam.GetProperty("secure_links")[0];
        Assert.Equal(("sofia", "up", true), (link.GetProperty("peer").GetString(), link.GetProperty("state").GetString(), link.GetProperty("is_up").GetBoolean()));
        Assert.Equal((17, 21, 2), (link.GetProperty("epoch").GetInt64(), link.GetProperty("roll_overs").GetInt64(), link.GetProperty("failures").GetInt64()));
        Assert.Equal((1572864, 300, 47.49), (link.GetProperty("sent_bytes").GetInt64(), link.GetProperty("received_bytes").GetInt64(), link.GetProperty("next_roll_over_seconds").GetDouble()));
        Assert.Equal("The peer cannot be reached.", sam.GetProperty("secure_links")[1].GetProperty("reason").GetString());

        var (wg0, wg1) = (sam.GetProperty("sinks")[0], sam.GetProperty("sinks")[1]);
        Assert.Equal(("wg0", "sofia", "command", 17), (wg0.GetProperty("name").GetString(), wg0.GetProperty("peer").GetString(), wg0.GetProperty("kind").GetString(), wg0.GetProperty("rollovers").GetInt64()));
        Assert.Equal(DateTimeOffset.Parse("2026-01-05T09:30:00Z", null), wg0.GetProperty("rolled_over_at").GetDateTimeOffset());
        Assert.Equal((4, "No key could be established: KmeUnavailable."), (wg1.GetProperty("failures").GetInt64(), wg1.GetProperty("last_error").GetString()));
    }

    [Theory]
    [InlineData("""{"keys":[{"key_ID":"1"}],"links":[],"sinks":[]}""")]
    [InlineData("""{"keys":[{"key_ID":"1"}],"links":[{"peer":null}],"sinks":[null]}""")]
    [InlineData("""{"keys":[{"key_ID":"1"}]}""")]
    public async Task Of_an_encryptor_that_tells_of_none_there_are_none(string report)
    {
        using var run = new CommandRun(Networks.Small);
        await using var host = (await StandInAppHost.StartAsync(run.PathOf(".dske"))).Add("sam", "encryptor", report);

        Assert.Equal(ExitCode.Success, await run.RunAsync("status", "sam", "--json"));

        var sam = JsonElement.Parse(run.Output);
        Assert.Equal((1, JsonValueKind.Null, JsonValueKind.Null), (sam.GetProperty("keys").GetInt32(), sam.GetProperty("secure_links").ValueKind, sam.GetProperty("sinks").ValueKind));
    }

    // The cells of the line of a table that begins so; the last one may have blanks.
    private string[] Line(string begin, int last = int.MaxValue) =>
        Cells(Assert.Single(_run.Output.Split('\n'), line => line.StartsWith(begin + " ", StringComparison.Ordinal)), last);

    private static string[] Cells(string line, int last = int.MaxValue) => line.Split(' ', last, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
