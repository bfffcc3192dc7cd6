using System.Buffers;
using System.Net.Sockets;
using Dske.Encryptor.Links;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Tunnels;

/// <summary>
/// Carries a TCP connection over a stream: what is read at once goes as one record, the end of either direction as a fin, anything else that ends
/// either side as a reset of the other. Each direction waits for its receiver.
/// </summary>
internal static class TunnelRelay
{
    /// <summary>Runs until both directions have ended. The socket and the stream stay the caller's.</summary>
    /// <returns>Whether both ended as their senders meant it. If not, the socket was reset.</returns>
    public static async Task<bool> RunAsync(Socket local, LinkStream stream)
    {
        var outbound = GuardAsync(SendAsync(local, stream), stream);
        var inbound = GuardAsync(ReceiveAsync(local, stream), stream);
        var isWhole = await outbound & await inbound;
        if (!isWhole)
        {
            Reset(local);
        }

        return isWhole;
    }

    /// <summary>Closes a connection so that its other end sees that it was broken off.</summary>
    public static void Reset(Socket local)
    {
        try
        {
            local.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        local.Dispose();
    }

    // Whichever direction breaks takes the other one with it.
    private static async Task<bool> GuardAsync(Task<bool> direction, LinkStream stream)
    {
        try
        {
            if (await direction)
            {
                return true;
            }
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // A broken connection is a reset to the other side, whatever broke it.
        }

        stream.Break();
        return false;
    }

    private static async Task<bool> SendAsync(Socket local, LinkStream stream)
    {
        var record = ArrayPool<byte>.Shared.Rent(RecordFormat.MaxRecord);
        try
        {
            while (true)
            {
                var room = record.AsMemory(RecordFormat.HeaderSize, await stream.GetCapacityAsync());
                var read = await local.ReceiveAsync(room, SocketFlags.None, stream.Broken);
                if (read == 0)
                {
                    await stream.SendFinAsync();
                    return true;
                }

                await stream.SendAsync(RecordType.Data, record.AsMemory(0, RecordFormat.HeaderSize + read + RecordFormat.TagSize));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record, clearArray: true);
        }
    }

    private static async Task<bool> ReceiveAsync(Socket local, LinkStream stream)
    {
        while (true)
        {
            var received = await stream.ReceiveAsync();
            switch (received.Type)
            {
                case RecordType.Data:
                    for (var rest = received.Payload; rest.Length > 0;)
                    {
                        rest = rest[await local.SendAsync(rest, SocketFlags.None, stream.Broken)..];
                    }

                    break;
                case RecordType.Fin:
                    local.Shutdown(SocketShutdown.Send);
                    return true;
                default:
                    // Cut, rejected or refused.
                    return false;
            }
        }
    }
}
