using Dske.Benchmarks.Hubs;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;
using Dske.Storage;

namespace Dske.Benchmarks.Crowds;

/// <summary>A hub's engine with durable storage, some clients that exchange keys over it, and any number that have registered and fetched their blocks, and are idle.</summary>
internal sealed class CrowdedHub : IDisposable
{
    /// <summary>How many clients exchange keys: each hands shares in for the next one.</summary>
    public const int Active = 5;

    private const int ShareSize = 32;
    private const int ActiveBlockSize = 16 * 1024 * 1024;
    private const int IdleBlockSize = 256 * 1024;

    private static readonly NetworkShape Network = new([.. new[] { "hank", "helen", "hilary", "holly", "hugo" }.Select(NodeName.Parse)], 3);

    private readonly DirectoryInfo _directory;
    private readonly HubStorage _storage;
    private readonly LinkedClient[] _active;
    private int _idle;

    private CrowdedHub(DirectoryInfo directory)
    {
        _directory = directory;
        _storage = HubStorage.Open(Path.Combine(directory.FullName, "hub"), SystemEntropySource.Instance);

        // Shares that were delivered go at once: those of a whole measurement would not all have room.
        var limits = new HubLimits { HoldTime = TimeSpan.Zero, RepeatWindow = TimeSpan.Zero };
        Engine = new HubEngine(NodeName.Parse("hank"), Network, _storage.Psrd, _storage.State, SystemEntropySource.Instance, TimeProvider.System, limits);
        _active = [.. Enumerable.Range(0, Active).Select(i => LinkedClient.Enrol(Engine, $"active-{i}", EncryptorOf(i), ActiveBlockSize))];
    }

    /// <summary>The hub.</summary>
    public HubEngine Engine { get; }

    /// <summary>Makes a hub with the active clients alone.</summary>
    /// <param name="parent">Where its data directory is made, which is deleted in the end.</param>
    public static CrowdedHub Create(string parent) => new(Directory.CreateDirectory(Path.Combine(parent, $"dske-crowd-{SystemEntropySource.Instance.NextUuid()}")));

    /// <summary>Registers further clients, which fetch 256 KiB for either pool, agree with the hub on them, and do nothing more.</summary>
    /// <param name="count">How many.</param>
    public void AddIdle(int count)
    {
        for (var i = 0; i < count; i++, _idle++)
        {
            LinkedClient.Enrol(Engine, $"idle-{_idle}", $"idle-sae-{_idle}", IdleBlockSize).Dispose();
        }
    }

    /// <summary>Hands shares in and fetches them, all at a time, and tells what the hub needed for it; the messages are prepared before the clock runs.</summary>
    /// <param name="keys">How many shares.</param>
    /// <returns>The processor time of this process meanwhile.</returns>
    /// <exception cref="InvalidOperationException">The hub refuses one.</exception>
    public async Task<TimeSpan> ExchangeAsync(int keys)
    {
        var (posts, gets) = (new OutgoingRequest[keys], new OutgoingRequest[keys]);
        for (var i = 0; i < keys; i++)
        {
            var (from, to, keyId) = (i % Active, (i + 1) % Active, SystemEntropySource.Instance.NextUuid());
            posts[i] = _active[from].PreparePost(keyId, EncryptorOf(from), EncryptorOf(to), ShareSize);
            gets[i] = _active[to].PrepareGet(keyId, EncryptorOf(from), EncryptorOf(to));
        }

        var began = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(posts.Select(async post => Accept(await Engine.PostKeyShareAsync(post.Query, post.Body.Span, post.Signature))));
        await Task.WhenAll(gets.Select(async get => Accept(await Engine.GetKeyShareAsync(get.Query, hasBody: false, get.Signature, CancellationToken.None))));
        return Environment.CpuUsage.TotalTime - began;
    }

    public void Dispose()
    {
        Array.ForEach(_active, static client => client.Dispose());
        Engine.Dispose();
        _storage.Dispose();
        _directory.Delete(recursive: true);
    }

    private static string EncryptorOf(int client) => $"sae-{client}";

    private static void Accept(HubAnswer answer)
    {
        if (answer.Error is { } error)
        {
            throw new InvalidOperationException($"The hub refuses ({error}): nothing is measured.");
        }
    }
}
