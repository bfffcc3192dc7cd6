using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Services.Encryptor.Sinks;

/// <summary>Two encryptors with key sinks for each other, a test KME, and a directory of the test's own, on a clock that moves when the test says so.</summary>
internal sealed class SinkPair : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-sinks-");

    private SinkPair(TestKme kme) => Kme = kme;

    public VirtualTime Time { get; } = new();

    public TestKme Kme { get; }

    public EncryptorNode Sam { get; private set; } = null!;

    public EncryptorNode Sofia { get; private set; } = null!;

    /// <summary>Starts sofia and then sam, each with its settings.</summary>
    public static async Task<SinkPair> StartAsync(Func<SinkPair, (string, string)[]> sam, Func<SinkPair, (string, string)[]> sofia)
    {
        var pair = new SinkPair(await TestKme.StartAsync());
        pair.Sofia = EncryptorNode.Start("sofia", pair.Kme, ["sam"], pair.Time, sofia(pair));
        pair.Sam = EncryptorNode.Start("sam", pair.Kme, ["sofia"], pair.Time, [("Peers:0:Url", pair.Sofia.Url.ToString()), .. sam(pair)]);
        pair.Sofia.Discover("sam", pair.Sam.Url);
        return pair;
    }

    /// <summary>The settings of a sink that writes a file named for the encryptor.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="own">Whose sink it is.</param>
    /// <param name="name">The sink's name.</param>
    /// <param name="interval">How often it rolls over, in seconds; null where the other end says.</param>
    public static (string Key, string Value)[] FileSink(SinkPair pair, string own, string name = "wg0", int? interval = null) =>
    [
        ("Sinks:0:Peer", own == "sam" ? "sofia" : "sam"), ("Sinks:0:Name", name), ("Sinks:0:Kind", "File"), ("Sinks:0:Path", pair.In(own)),
        .. Interval(interval),
    ];

    /// <summary>The settings of a sink that runs a shell script: the first argument is the directory, what stands there already.</summary>
    public static (string Key, string Value)[] CommandSink(SinkPair pair, string own, string script, int? interval = null)
    {
        File.WriteAllText(pair.In($"{own}.sh"), "cd \"$1\"\n" + script + "\n");
        return
        [
            ("Sinks:0:Peer", own == "sam" ? "sofia" : "sam"), ("Sinks:0:Name", "wg0"), ("Sinks:0:Kind", "Command"), ("Sinks:0:Path", "/bin/sh"),
            ("Sinks:0:Arguments:0", pair.In($"{own}.sh")), ("Sinks:0:Arguments:1", pair._directory.FullName), .. Interval(interval),
        ];
    }

    public string In(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>What a file holds; empty when it is not there.</summary>
    public string Read(string name) => File.Exists(In(name)) ? File.ReadAllText(In(name)) : string.Empty;

    /// <summary>The only sink of an encryptor, as it tells it.</summary>
    public static async Task<JsonElement> StatusAsync(EncryptorNode node, string own)
    {
        var list = await node.Client.GetFromJsonAsync<JsonElement>($"/encryptor/{own}/api/v1/sinks", TestContext.Current.CancellationToken);
        return Assert.Single(list.GetProperty("sinks").EnumerateArray());
    }

    /// <summary>Waits, while no time passes, until the status of both sinks is as a test wants it.</summary>
    public async Task<(JsonElement Sam, JsonElement Sofia)> UntilAsync(Func<JsonElement, JsonElement, bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (sam, sofia) = (await StatusAsync(Sam, "sam"), await StatusAsync(Sofia, "sofia"));
            if (condition(sam, sofia))
            {
                return (sam, sofia);
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1), $"Never came true; the last was {sam} and {sofia}");
        }
    }

    /// <summary>Waits until both ends have handed over so many keys.</summary>
    public Task<(JsonElement Sam, JsonElement Sofia)> UntilRollOversAsync(int count) =>
        UntilAsync((sam, sofia) => RollOvers(sam) >= count && RollOvers(sofia) >= count);

    /// <summary>
    /// Lets time pass until one end begins an exchange, once neither is in one: whoever asks its KME or its peer does not run out of time. Both ends drive
    /// the sink.
    /// </summary>
    public async Task AdvanceToNextAsync()
    {
        var (sam, sofia) = await UntilAsync((sam, sofia) => Rests(sam) && Rests(sofia));
        var next = new[] { sam, sofia }.Min(static sink => sink.GetProperty("next_at").GetDateTimeOffset());
        Time.Advance(next - Time.GetUtcNow());

        bool Rests(JsonElement sink) => sink.GetProperty("waiting_key_ID").ValueKind == JsonValueKind.Null
            && sink.GetProperty("next_at").ValueKind != JsonValueKind.Null
            && sink.GetProperty("next_at").GetDateTimeOffset() is var next
            && next > Time.GetUtcNow()
            && Time.HasDelayUntil(next);
    }

    public static int RollOvers(JsonElement sink) => sink.GetProperty("rollovers").GetInt32();

    public static int Failures(JsonElement sink) => sink.GetProperty("failures").GetInt32();

    public static string? KeyId(JsonElement sink) => sink.GetProperty("key_ID").GetString();

    public async ValueTask DisposeAsync()
    {
        await Sam.DisposeAsync();
        await Sofia.DisposeAsync();
        await Kme.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static (string, string)[] Interval(int? seconds) =>
        seconds is { } interval ? [("Sinks:0:Interval", TimeSpan.FromSeconds(interval).ToString("c", CultureInfo.InvariantCulture))] : [];
}
