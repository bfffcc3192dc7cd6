using Dske.Encryptor.Links;

namespace Dske.Encryptor.Tunnels;

/// <summary>A stream that this end opened, with the transport under it. Disposing ends both.</summary>
internal sealed class OpenedStream(LinkStream stream, Stream transport, LinkSession session) : IAsyncDisposable
{
    public LinkStream Stream => stream;

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await transport.DisposeAsync();
        session.Release();
    }
}
