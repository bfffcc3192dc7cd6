using System.Buffers;
using Dske.Hub.Hosting;
using Dske.Protocol.Secrets;
using Microsoft.Extensions.Options;

namespace Dske.Hub.Traffic;

/// <summary>
/// Reads bodies of in-band messages that nobody has verified yet, into a room that is bounded for all of them together: who sends many large
/// ones under a forged header fills this room and not the memory, nor does he keep out those that are announced to be short, which have some more
/// room. Room is taken as bytes arrive, so that announcing many costs nobody anything, and a body that does not come in time is given up.
/// </summary>
/// <remarks>Safe for concurrent use: interlocked.</remarks>
internal sealed class UnverifiedBodies(IOptions<HubOptions> options, TimeProvider time)
{
    /// <summary>The largest message, in bytes: a share of 2 MiB in base64 and the allocation of its pad.</summary>
    public const int MaxBody = 4 * 1024 * 1024;

    /// <summary>How long a body may take.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    /// <summary>The largest message that is a short one, in bytes: that of a key of 90,000 bits.</summary>
    public const int MaxShortBody = 16 * 1024;

    private readonly long _max = options.Value.Traffic.MaxUnverifiedBytes;
    private readonly long _maxWithShort = options.Value.Traffic.MaxUnverifiedBytes + (options.Value.Traffic.MaxUnverifiedBytes / 4);
    private long _held;

    /// <summary>How many bytes are held, by all bodies that are being read or looked at.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Reads a body, then lets it be handled; its room is free again after that.</summary>
    /// <param name="context">The request.</param>
    /// <param name="handle">Is given the body.</param>
    /// <returns>The status of the refusal when it could not be read: 408, 413 or 503; null when it was handled.</returns>
    /// <exception cref="OperationCanceledException">The sender is gone.</exception>
    /// <exception cref="BadHttpRequestException">The body breaks off, or its framing is wrong.</exception>
    public async Task<int?> ReadAsync(HttpContext context, Func<ReadOnlyMemory<byte>, Task> handle)
    {
        if (context.Request.ContentLength > MaxBody)
        {
            // The server would say the same, by an exception.
            return StatusCodes.Status413PayloadTooLarge;
        }

        using var body = new SecretBufferWriter(4096);
        try
        {
            var refusal = await FillAsync(context, body);
            if (refusal is null)
            {
                await handle(body.WrittenMemory);
            }

            return refusal;
        }
        finally
        {
            // As much is held as is in it.
            Interlocked.Add(ref _held, -body.WrittenCount);
        }
    }

    private async Task<int?> FillAsync(HttpContext context, SecretBufferWriter body)
    {
        var room = context.Request.ContentLength <= MaxShortBody ? _maxWithShort : _max;
        using var timeout = new CancellationTokenSource(MaxTime, time);
        var reader = context.Request.BodyReader;

        // Not by a token that ends the read: the server could then not get rid of the rest of the body, and would log that as a fault.
        await using var ending = timeout.Token.Register(reader.CancelPendingRead);
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            try
            {
                if (read.IsCanceled)
                {
                    return StatusCodes.Status408RequestTimeout;
                }

                if (body.WrittenCount + read.Buffer.Length > MaxBody)
                {
                    return StatusCodes.Status413PayloadTooLarge;
                }

                if (!TryTakeRoom(read.Buffer.Length, room))
                {
                    return StatusCodes.Status503ServiceUnavailable;
                }

                foreach (var piece in read.Buffer)
                {
                    body.Write(piece.Span);
                }

                if (read.IsCompleted)
                {
                    return null;
                }
            }
            finally
            {
                reader.AdvanceTo(read.Buffer.End);
            }
        }
    }

    // Who finds no room takes none for a moment either: nobody else is turned away on that account.
    private bool TryTakeRoom(long count, long room)
    {
        for (var held = Held; held + count <= room;)
        {
            var seen = Interlocked.CompareExchange(ref _held, held + count, held);
            if (seen == held)
            {
                return true;
            }

            held = seen;
        }

        return false;
    }
}
