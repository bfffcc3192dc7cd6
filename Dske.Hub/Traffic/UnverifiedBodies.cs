using Dske.Hub.Hosting;
using Dske.Protocol.Secrets;
using Microsoft.Extensions.Options;

namespace Dske.Hub.Traffic;

/// <summary>
/// Reads bodies of in-band messages that nobody has verified yet, into a room that is bounded for all of them together: who sends many large
/// ones under a forged header fills this room and not the memory. Room is taken as bytes arrive, so that announcing many costs nobody anything,
/// and a body that does not come in time is given up.
/// </summary>
/// <remarks>Safe for concurrent use: interlocked.</remarks>
internal sealed class UnverifiedBodies(IOptions<HubOptions> options, TimeProvider time)
{
    /// <summary>The largest message, in bytes: a share of 2 MiB in base64 and the allocation of its pad.</summary>
    public const int MaxBody = 4 * 1024 * 1024;

    /// <summary>How long a body may take.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    private const int PieceSize = 16 * 1024;

    private readonly long _max = options.Value.Traffic.MaxUnverifiedBytes;
    private long _held;

    /// <summary>How many bytes are held, by all bodies that are being read or looked at.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Reads a body, then lets it be handled; its room is free again after that.</summary>
    /// <param name="context">The request.</param>
    /// <param name="handle">Is given the body.</param>
    /// <returns>The status of the refusal when it could not be read: 408, 413 or 503; null when it was handled.</returns>
    /// <exception cref="OperationCanceledException">The sender is gone.</exception>
    public async Task<int?> ReadAsync(HttpContext context, Func<ReadOnlyMemory<byte>, Task> handle)
    {
        using var body = new SecretBufferWriter(4096);
        long held = 0;
        try
        {
            using var timeout = new CancellationTokenSource(MaxTime, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
            try
            {
                while (await context.Request.Body.ReadAsync(body.GetMemory(PieceSize), either.Token) is > 0 and var count)
                {
                    if (body.WrittenCount + count > MaxBody)
                    {
                        return StatusCodes.Status413PayloadTooLarge;
                    }

                    body.Advance(count);
                    held += count;
                    if (Interlocked.Add(ref _held, count) > _max)
                    {
                        return StatusCodes.Status503ServiceUnavailable;
                    }
                }
            }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
            {
                return StatusCodes.Status408RequestTimeout;
            }

            await handle(body.WrittenMemory);
            return null;
        }
        finally
        {
            Interlocked.Add(ref _held, -held);
        }
    }
}
