using System.Collections.Concurrent;
using Dske.Protocol.Identifiers;

namespace Dske.Encryptor.Tunnels;

/// <summary>The tunnels that begin at this encryptor.</summary>
/// <remarks>Safe for concurrent reading; changes are one after the other, with the links' configuration lock held.</remarks>
internal sealed class TunnelTable(StreamOpener opener, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How many there may be.</summary>
    public const int Capacity = 256;

    private readonly ConcurrentDictionary<string, Tunnel> _tunnels = new(StringComparer.Ordinal);

    /// <summary>All tunnels, by name.</summary>
    public IReadOnlyList<Tunnel> All => [.. _tunnels.Values.OrderBy(static tunnel => tunnel.Settings.Name, StringComparer.Ordinal)];

    public Tunnel? Find(string name) => _tunnels.GetValueOrDefault(name);

    public bool Uses(SaeId peer) => _tunnels.Values.Any(tunnel => tunnel.Settings.Peer.SaeId == peer);

    /// <summary>Makes a tunnel that listens, in the place of the one of that name; or says why not, and nothing has changed.</summary>
    public async Task<string?> ReplaceAsync(TunnelSettings settings)
    {
        var old = Find(settings.Name);
        if (old is not null && old.Settings.Listen.Equals(settings.Listen))
        {
            // Connections that are open go on to where they went.
            old.Settings = settings;
            return null;
        }

        var tunnel = new Tunnel(settings, opener, time);
        if (!tunnel.TryListen(out var problem))
        {
            await tunnel.DisposeAsync();
            return problem;
        }

        _tunnels[settings.Name] = tunnel;
        if (old is not null)
        {
            await old.DisposeAsync();
        }

        return null;
    }

    /// <summary>Brings a tunnel back that was there before a restart.</summary>
    public void Restore(TunnelSettings settings)
    {
        var tunnel = new Tunnel(settings, opener, time);
        if (_tunnels.TryAdd(settings.Name, tunnel))
        {
            tunnel.ListenWhenPossible();
        }
    }

    public async Task RemoveAsync(string name)
    {
        if (_tunnels.TryRemove(name, out var tunnel))
        {
            await tunnel.DisposeAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var name in _tunnels.Keys)
        {
            await RemoveAsync(name);
        }
    }
}
