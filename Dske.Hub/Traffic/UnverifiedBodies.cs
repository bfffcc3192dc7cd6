using Dske.Hub.Hosting;
using Microsoft.Extensions.Options;

namespace Dske.Hub.Traffic;

/// <summary>
/// The room for bodies of in-band messages that nobody has verified yet: who sends many large ones under a forged header fills this room and
/// not the memory.
/// </summary>
/// <remarks>Safe for concurrent use: interlocked.</remarks>
internal sealed class UnverifiedBodies(IOptions<HubOptions> options)
{
    /// <summary>The largest message, in bytes: a share of 2 MiB in base64 and the allocation of its pad.</summary>
    public const int MaxBody = 4 * 1024 * 1024;

    // What a message of ours takes that relays a short key: as long as that fits there is no waiting for anybody.
    private const int LeastReserved = 4096;

    private readonly long _max = options.Value.Traffic.MaxUnverifiedBytes;
    private long _reserved;

    /// <summary>Takes room for a body.</summary>
    /// <param name="contentLength">How long it says it is, in bytes; null when it does not say, which counts as the most.</param>
    /// <param name="reserved">How much was taken; to be given back with <see cref="Leave"/>.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryEnter(long? contentLength, out long reserved)
    {
        reserved = Math.Clamp(contentLength ?? MaxBody, LeastReserved, MaxBody);
        if (Interlocked.Add(ref _reserved, reserved) <= _max)
        {
            return true;
        }

        Leave(reserved);
        reserved = 0;
        return false;
    }

    /// <summary>Gives room back.</summary>
    public void Leave(long reserved) => Interlocked.Add(ref _reserved, -reserved);
}
