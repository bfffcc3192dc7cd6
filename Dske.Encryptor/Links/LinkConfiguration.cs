using Dske.Encryptor.Configuration;
using Dske.Encryptor.Endpoints;
using Dske.Encryptor.Tunnels;
using Dske.Protocol.Identifiers;
using Microsoft.Extensions.Options;

namespace Dske.Encryptor.Links;

/// <summary>Changes which links and tunnels there are: first on disk, then in fact. One change at a time.</summary>
internal sealed class LinkConfiguration(
    LinkTable links, TunnelTable tunnels, LinkFile file, EncryptorSettings settings, IOptions<TunnelOptions> options)
{
    /// <summary>Keeps a link from now on.</summary>
    /// <returns>Why not, and nothing has changed; null when it is kept.</returns>
    public Task<string?> PutAsync(Peer peer, LinkRequest request) => ChangeAsync(
        stored => stored with { Links = [.. stored.Links.Where(link => link.Peer != peer.SaeId.Value), new StoredLink(peer.SaeId.Value, request)] },
        () =>
        {
            links.Configure(peer, request.ToSettings());
            return Task.FromResult<string?>(null);
        });

    /// <summary>Takes a link down.</summary>
    /// <returns>Why not; null when it is down.</returns>
    public Task<string?> RemoveAsync(Peer peer) => ChangeAsync(
        stored => stored with { Links = [.. stored.Links.Where(link => link.Peer != peer.SaeId.Value)] },
        async () =>
        {
            await links.RemoveAsync(peer.SaeId);
            return null;
        });

    /// <summary>Makes a tunnel.</summary>
    /// <returns>Why not, and nothing has changed; null when it listens.</returns>
    public Task<string?> PutAsync(TunnelSettings tunnel, TunnelRequest request) => ChangeAsync(
        stored => stored with { Tunnels = [.. stored.Tunnels.Where(other => other.Name != tunnel.Name), new StoredTunnel(tunnel.Name, request)] },
        () => tunnels.ReplaceAsync(tunnel));

    /// <summary>Takes a tunnel down.</summary>
    /// <returns>Why not; null when it is down.</returns>
    public Task<string?> RemoveTunnelAsync(string name) => ChangeAsync(
        stored => stored with { Tunnels = [.. stored.Tunnels.Where(other => other.Name != name)] },
        async () =>
        {
            await tunnels.RemoveAsync(name);
            return null;
        });

    /// <summary>Brings back what was there before a restart, but for what the configuration allows no more: peers, and where tunnels may listen.</summary>
    public void Restore()
    {
        foreach (var stored in file.Stored.Links)
        {
            if (TryFindPeer(stored.Peer, out var peer) && stored.Settings.FindErrors().Count == 0)
            {
                links.Configure(peer, stored.Settings.ToSettings());
            }
        }

        foreach (var stored in file.Stored.Tunnels)
        {
            if (TryFindPeer(stored.Settings.Peer, out var peer)
                && TunnelRequest.IsName(stored.Name)
                && stored.Settings.FindErrors(options.Value.ListenBeyondLoopback).Count == 0)
            {
                tunnels.Restore(stored.Settings.ToSettings(stored.Name, peer));
            }
        }
    }

    private bool TryFindPeer(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Peer? peer)
    {
        peer = null;
        return SaeId.TryParse(text, out var saeId) && settings.Peers.TryGetValue(saeId, out peer);
    }

    private async Task<string?> ChangeAsync(Func<StoredLinks, StoredLinks> store, Func<Task<string?>> apply)
    {
        await links.ConfigurationLock.WaitAsync();
        try
        {
            var before = file.Stored;
            if (file.Replace(store(before)) is { } problem)
            {
                return problem;
            }

            problem = await apply();
            return problem is null ? null : file.Replace(before) ?? problem;
        }
        finally
        {
            links.ConfigurationLock.Release();
        }
    }
}
