using System.Net;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Endpoints;
using Dske.Encryptor.Links;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Tunnels;

/// <summary>Opens streams to peers.</summary>
internal sealed class StreamOpener(LinkTable links, LinkClient client, IEntropySource entropy, TimeProvider time)
{
    /// <summary>Opens a stream, once the link is up.</summary>
    /// <returns>The stream, which the caller disposes, or why there is none.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<(OpenedStream? Stream, string? Problem)> OpenAsync(Peer peer, StreamTarget target, CancellationToken cancellationToken)
    {
        if (links.Find(peer.SaeId) is not { } link || await link.UntilUpAsync(LinkLimits.UpWait, cancellationToken) is not { } session)
        {
            return (null, $"The link to '{peer.SaeId}' is not up.");
        }

        if (!session.TryReserve())
        {
            return (null, $"The link to '{peer.SaeId}' has as many streams as it takes.");
        }

        var (transport, refusal) = await OpenTransportAsync(link, session, cancellationToken);
        if (transport is null)
        {
            session.Release();
            return (null, refusal);
        }

        OpenedStream? opened = null;
        try
        {
            if (await BeginAsync(link, session, transport, target, cancellationToken) is { } stream)
            {
                opened = new OpenedStream(stream, transport, session);
                return (opened, null);
            }
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The transport broke, the other end was too slow, or the link ended.
        }
        finally
        {
            if (opened is null)
            {
                await transport.DisposeAsync();
                session.Release();
            }
        }

        return (null, "The peer did not begin the stream.");
    }

    private async Task<(Stream? Transport, string? Refusal)> OpenTransportAsync(Link link, LinkSession session, CancellationToken cancellationToken)
    {
        try
        {
            var (transport, refusal) = await client.OpenAsync(link.Peer, cancellationToken);
            if (refusal is { Status: HttpStatusCode.Conflict, Type: EncryptorProblems.LinkDown } && session.Role == LinkRole.Initiator)
            {
                // The peer has started again: no need to wait for the next sign of life.
                link.Wake();
            }

            return (transport, refusal?.Describe());
        }
        catch (OperationCanceledException)
        {
            session.Release();
            throw;
        }
    }

    private async Task<LinkStream?> BeginAsync(Link link, LinkSession session, Stream transport, StreamTarget target, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LinkLimits.Handshake, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, session.Ended, cancellationToken);
        var preface = new byte[StreamPreface.OpenerSize];
        await transport.ReadExactlyAsync(preface.AsMemory(0, StreamPreface.AccepterSize), either.Token);
        if (!StreamPreface.TryReadAccepter(preface.AsSpan(0, StreamPreface.AccepterSize), out var theirs))
        {
            link.Counters.CountRejected("preface");
            return null;
        }

        var nonces = new StreamNonces(theirs, StreamNonces.Draw(entropy));
        var epoch = session.Secrets.SendEpoch;
        if (!session.Secrets.TryCreate(nonces, epoch, out var sealer, out var opener))
        {
            return null;
        }

        StreamPreface.WriteOpener(preface, nonces.Opener, session.InitiatorInstance, epoch);
        var stream = new LinkStream(transport, session, link.Counters, sealer, opener, cancellationToken);
        try
        {
            await transport.WriteAsync(preface, either.Token);
            var payload = new byte[StreamTarget.MaxSize];
            var length = target.Write(payload);
            var record = new byte[RecordFormat.HeaderSize + length + RecordFormat.TagSize];
            payload.AsSpan(0, length).CopyTo(RecordFormat.PayloadOf(record, length));
            await stream.SendAsync(RecordType.Open, record);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
