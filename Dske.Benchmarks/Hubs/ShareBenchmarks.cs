using BenchmarkDotNet.Attributes;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Secrets;

namespace Dske.Benchmarks.Hubs;

/// <summary>
/// What the hub does for a share: everything between the raw request and the raw answer, in memory. Requests are prepared beforehand, so that
/// time and allocations are the hub's alone; both ends' pools are fresh for each iteration.
/// </summary>
[InvocationCount(Messages, unrollFactor: 1)]
[MaxWarmupCount(10)]
[MaxIterationCount(20)]
public class ShareBenchmarks
{
    private const int Messages = 4096;
    private const int BlockSize = 1024 * 1024;
    private const int ShareSize = 32;

    private readonly OutgoingRequest[] _requests = new OutgoingRequest[Messages];
    private MemoryHub _hub = null!;
    private int _next;

    /// <summary>Prepares requests to store shares.</summary>
    [IterationSetup(Target = nameof(Post))]
    public void PreparePosts()
    {
        Begin();
        for (var i = 0; i < Messages; i++)
        {
            _requests[i] = _hub.Carol.PreparePost(SystemEntropySource.Instance.NextUuid(), MemoryHub.Master, MemoryHub.Slave, ShareSize);
        }
    }

    /// <summary>Stores shares, and prepares requests for them.</summary>
    [IterationSetup(Target = nameof(Get))]
    public void PrepareGets()
    {
        Begin();
        for (var i = 0; i < Messages; i++)
        {
            var keyId = SystemEntropySource.Instance.NextUuid();
            var post = _hub.Carol.PreparePost(keyId, MemoryHub.Master, MemoryHub.Slave, ShareSize);
            Accept(_hub.Engine.PostKeyShareAsync(post.Query, post.Body.Span, post.Signature).AsTask().GetAwaiter().GetResult());
            _requests[i] = _hub.Conny.PrepareGet(keyId, MemoryHub.Master, MemoryHub.Slave);
        }
    }

    /// <summary>Forgets hub and clients.</summary>
    [IterationCleanup]
    public void End() => _hub.Dispose();

    /// <summary>POST key-share: read, verify, decrypt, store, sign the answer.</summary>
    /// <exception cref="InvalidOperationException">The hub refuses.</exception>
    [Benchmark]
    public async Task Post()
    {
        var request = _requests[_next++];
        Accept(await _hub.Engine.PostKeyShareAsync(request.Query, request.Body.Span, request.Signature));
    }

    /// <summary>GET key-share: read, verify, find, encrypt, sign the answer.</summary>
    /// <exception cref="InvalidOperationException">The hub refuses.</exception>
    [Benchmark]
    public async Task Get()
    {
        var request = _requests[_next++];
        Accept(await _hub.Engine.GetKeyShareAsync(request.Query, hasBody: false, request.Signature, CancellationToken.None));
    }

    private static void Accept(HubAnswer answer)
    {
        if (answer.Error is { } error)
        {
            throw new InvalidOperationException($"The hub refuses ({error}): nothing is measured.");
        }
    }

    private void Begin()
    {
        _hub = new MemoryHub(BlockSize);
        _next = 0;
    }
}
