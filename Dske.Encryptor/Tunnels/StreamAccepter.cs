using System.Net.Sockets;
using Dske.Encryptor.Links;
using Dske.Encryptor.Messages;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;
using Microsoft.Extensions.Options;

namespace Dske.Encryptor.Tunnels;

/// <summary>Serves the streams that peers open: tunnels to targets on the list, and messages.</summary>
internal sealed class StreamAccepter
{
    private readonly MessageStore _messages;
    private readonly TargetList _targets;
    private readonly IEntropySource _entropy;
    private readonly TimeProvider _time;

    public StreamAccepter(MessageStore messages, IOptions<TunnelOptions> options, IEntropySource entropy, TimeProvider time)
    {
        (_messages, _entropy, _time) = (messages, entropy, time);
        _targets = TargetList.TryParse(options.Value.Targets, out var targets, out var wrong) ? targets : throw new InvalidOperationException(wrong);
    }

    /// <summary>Serves a stream to its end. The transport stays the caller's.</summary>
    /// <returns>Whether it ended as both ends meant it. If not, the transport has to be broken off.</returns>
    public async Task<bool> ServeAsync(Link link, LinkSession session, Stream transport, CancellationToken cancellationToken)
    {
        try
        {
            if (await BeginAsync(link, session, transport, cancellationToken) is not { } stream)
            {
                return false;
            }

            await using (stream)
            {
                return await ServeAsync(link, stream);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The transport broke, the opener was too slow, or the link ended.
            return false;
        }
    }

    private async Task<LinkStream?> BeginAsync(Link link, LinkSession session, Stream transport, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LinkLimits.Handshake, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, session.Ended, cancellationToken);
        var mine = StreamNonces.Draw(_entropy);
        var preface = new byte[StreamPreface.OpenerSize];
        StreamPreface.WriteAccepter(preface, mine);
        await transport.WriteAsync(preface.AsMemory(0, StreamPreface.AccepterSize), either.Token);
        await transport.ReadExactlyAsync(preface, either.Token);
        if (!StreamPreface.TryReadOpener(preface, out var theirs, out var instance, out var epoch)
            || instance != session.InitiatorInstance
            || !session.Secrets.TryCreate(new StreamNonces(mine, theirs), epoch, out var sealer, out var opener))
        {
            link.Counters.CountRejected("preface");
            return null;
        }

        return new LinkStream(transport, session, link.Counters, sealer, opener, cancellationToken);
    }

    private async Task<bool> ServeAsync(Link link, LinkStream stream)
    {
        var first = await ReceiveFirstAsync(stream);
        if (first.Type != RecordType.Open || !StreamTarget.TryRead(first.Payload.Span, out var target))
        {
            link.Counters.CountRejected("open");
            return false;
        }

        if (target.IsMessage)
        {
            return await _messages.ReceiveAsync(link.Peer.SaeId, stream);
        }

        if (!_targets.Allows(target))
        {
            link.Counters.CountRejected("target");
            return await RefuseAsync(stream, StreamRefusal.TargetNotAllowed);
        }

        using var local = await ConnectAsync(target, stream.Broken);
        return local is null ? await RefuseAsync(stream, StreamRefusal.TargetUnreachable) : await TunnelRelay.RunAsync(local, stream);
    }

    // Whoever opens a stream says at once what for.
    private async Task<ReceivedRecord> ReceiveFirstAsync(LinkStream stream)
    {
        using var limit = new CancellationTokenSource(LinkLimits.Handshake, _time);
        await using var breaking = limit.Token.Register(stream.Break);
        return await stream.ReceiveAsync();
    }

    private async Task<Socket?> ConnectAsync(StreamTarget target, CancellationToken broken)
    {
        using var limit = new CancellationTokenSource(LinkLimits.Handshake, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, broken);
        var local = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await local.ConnectAsync(target.Host!, target.Port, either.Token);
            return local;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            local.Dispose();
            return null;
        }
    }

    private static async Task<bool> RefuseAsync(LinkStream stream, StreamRefusal reason)
    {
        var record = new byte[RecordFormat.HeaderSize + 1 + RecordFormat.TagSize];
        record[RecordFormat.HeaderSize] = (byte)reason;
        await stream.SendAsync(RecordType.Refused, record);
        return true;
    }
}
