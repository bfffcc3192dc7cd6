using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Dske.Tests.Services;

namespace Dske.Tests.Network;

/// <summary>
/// A whole network at its most verbose: whatever its nodes log at any level, trace, measure, report or answer to bad requests is searched for
/// every secret that they handled.
/// </summary>
[Collection(nameof(WholeProcess))]
[Trait("Tier", "Network")]
public sealed class EmittedSecretsTests : IDisposable
{
    private const int Keys = 5;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dske-tests-");
    private readonly ConcurrentQueue<byte[]> _shares = new();
    private readonly ConcurrentQueue<string> _measured = new();
    private readonly MeterListener _meters = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _meters.Dispose();
        _data.Delete(recursive: true);
    }

    [Fact(Timeout = 240_000)]
    public async Task No_secret_is_in_anything_that_the_nodes_emit()
    {
        var secrets = new SecretSearch();
        var emitted = new List<string>();
        ListenToMeters();
        using var spans = new SpanCollector();
        using var enrolment = new EnrolmentFolder();
        var operatorToken = RandomNumberGenerator.GetHexString(64, lowercase: true);
        LoopbackNetwork network;
        await using (network = await LoopbackNetwork.StartAsync(
            enrolment: enrolment,
            data: _data.FullName,
            hubServices: services => RecordedHubState.Install(services, _shares.Enqueue),
            operatorTokenFile: enrolment.Write("operator", operatorToken)))
        {
            foreach (var file in Directory.GetFiles(_data.FullName, "*.psrd", SearchOption.AllDirectories))
            {
                secrets.Add(await ReadAsync(file));
            }

            for (var i = 0; i < Keys; i++)
            {
                secrets.Add((await network.DeliverAsync()).Key);
                var (key, random) = await network.DeliverOverSkipAsync();
                secrets.Add(key);
                secrets.Add(random);
                using var confirmed = await network.Sam.Client.PostAsJsonAsync("/encryptor/sam/api/v1/keys", new { peer = "sofia" }, Cancellation);
                emitted.Add(await confirmed.Content.ReadAsStringAsync(Cancellation));
                Assert.True(confirmed.IsSuccessStatusCode, emitted[^1]);
            }

            foreach (var hub in LoopbackNetwork.HubNames)
            {
                foreach (var token in (string[])[enrolment.Issue(hub, "carol", "sam"), enrolment.Issue(hub, "conny", "sofia"), enrolment.Issue(hub, "celia", "serena")])
                {
                    secrets.AddToken(token);
                }

                secrets.Add(Convert.FromHexString(enrolment.KeyTextOf(hub).Trim()));
            }

            secrets.Add(Convert.FromHexString(operatorToken));
            secrets.Add(Encoding.ASCII.GetBytes(operatorToken));
            emitted.AddRange(await AskAsync(network));
            var mistakes = new Mistakes(network, secrets);
            emitted.AddRange(await mistakes.MakeAsync(enrolment.Issue("hank", "celia", "serena"), operatorToken));
            _meters.RecordObservableInstruments();
        }

        // What nodes write while they stop and when they have stopped is there as well.
        emitted.AddRange(LogsOf(network));
        Assert.All(["Application is shutting down", "Running health checks"], text => Assert.Contains(emitted, entry => entry.Contains(text, StringComparison.Ordinal)));

        Assert.True(_shares.Count >= 2 * Keys * 3, $"{_shares.Count} shares");
        foreach (var share in _shares)
        {
            secrets.Add(share);
        }

        emitted.AddRange(spans.All.SelectMany(Describe));
        emitted.AddRange(_measured);

        // What is looked for would be found, and there is much to look through.
        var planted = _shares.First();
        Assert.NotEmpty(secrets.Find("x" + Convert.ToBase64String(planted)));
        Assert.NotEmpty(secrets.Find(Convert.ToHexStringLower(planted.AsSpan(3))));
        Assert.True(emitted.Sum(text => (long)text.Length) > 100_000 && secrets.Count > 100_000 && spans.All.Count > 100, $"{emitted.Count} texts, {secrets.Count} pieces");
        Assert.Equal([], emitted.SelectMany(text => secrets.Find(text).Select(found => $"{found} in: {text}")));
    }

    private static IEnumerable<string> LogsOf(LoopbackNetwork network)
        => network.Hubs.Select(hub => hub.Log).Concat([network.Carol.Log, network.Conny.Log, network.Sam.Log, network.Sofia.Log]).SelectMany(log => log.Entries).Select(entry => entry.Text);

    private static IEnumerable<string> Describe(Activity span) =>
    [
        span.DisplayName,
        span.StatusDescription ?? string.Empty,
        .. span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"),
        .. span.Events.SelectMany(happened => happened.Tags.Select(tag => $"{happened.Name} {tag.Key}={tag.Value}")),
        .. span.Baggage.Select(item => $"{item.Key}={item.Value}"),
    ];

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[stream.Length];
        await stream.ReadExactlyAsync(content, Cancellation);
        return content;
    }

    /// <summary>Asks every node everything that it answers without being authentic, and several things that are wrong.</summary>
    private static async Task<IReadOnlyList<string>> AskAsync(LoopbackNetwork network)
    {
        (HttpClient Client, string Root)[] nodes =
        [
            .. network.Hubs.Select(hub => (hub.Client, hub.Root)),
            (network.Carol.Client, network.Carol.Root),
            (network.Conny.Client, network.Conny.Root),
            (network.Sam.Client, network.Sam.Root),
            (network.Sofia.Client, network.Sofia.Root),
        ];
        string[] paths =
        [
            "/mgmt/v1/status", "/api/v1/keys", "/api/v1/peers", "/api/v1/sinks", "/nothing/here", "/dske/api/v1/key-share?client_name=carol", "/dske/api/v1/sync?client_name=carol",
            "/dske/oob/v1/psrd?client_name=carol&owner=hub&size=100", "/etsi/api/v1/keys/sofia/status", "/etsi/api/v1/keys/nobody/enc_keys", "/etsi/api/v1/keys/sam/dec_keys?key_ID=none",
            "/skip/capabilities", "/skip/key?remoteSystemID=nobody", "/skip/key/none?remoteSystemID=conny", "/skip/entropy?minentropy=none",
        ];
        var answers = new List<string>();
        foreach (var (client, root) in nodes)
        {
            foreach (var path in (string[])["/health", "/alive", "/openapi/v1.json", "/scalar", .. paths.Select(path => root + path)])
            {
                using var answer = await client.GetAsync(path, Cancellation);
                answers.Add($"{answer.Headers}\n{await answer.Content.ReadAsStringAsync(Cancellation)}");
            }
        }

        return answers;
    }

    private void ListenToMeters()
    {
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.Start();

        void Note(Instrument instrument, object value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
            => _measured.Enqueue($"{instrument.Name} {instrument.Description} {value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}");
    }
}
