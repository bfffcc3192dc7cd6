using System.Diagnostics.CodeAnalysis;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Establishment;
using Dske.Protocol.Identifiers;

namespace Dske.Encryptor.Sinks;

/// <summary>All sinks of this encryptor. Immutable, hence safe for concurrent use.</summary>
internal sealed class KeySinks : IDisposable
{
    private readonly Dictionary<(SaeId Peer, string Name), KeySink> _sinks;

    public KeySinks(EncryptorSettings settings, KeyStore known, TimeProvider time, SinkTelemetry telemetry)
    {
        All = [.. settings.Sinks.Select(sink => new KeySink(sink, known, time, telemetry))];
        telemetry.Watch(All);
        _sinks = All.ToDictionary(sink => (sink.Settings.Peer.SaeId, sink.Name));
    }

    /// <summary>The sinks in the order of the configuration.</summary>
    public IReadOnlyList<KeySink> All { get; }

    /// <summary>Finds the sink of that name with that peer.</summary>
    public bool TryFind(SaeId peer, string name, [NotNullWhen(true)] out KeySink? sink) => _sinks.TryGetValue((peer, name), out sink);

    /// <summary>Zeroes the keys that wait.</summary>
    public void Dispose()
    {
        foreach (var sink in All)
        {
            sink.Dispose();
        }
    }
}
