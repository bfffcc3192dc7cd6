using Microsoft.Extensions.Logging;

namespace Dske.ServiceDefaults.Tls;

/// <summary>Says in the log which peers were refused and why, once in a while: strangers can have themselves refused as often as they like.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class TlsRefusals(TimeProvider time, ILogger<TlsRefusals> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<PeerRole, long> _latest = [];

    /// <summary>Reports a peer.</summary>
    /// <param name="role">What it is.</param>
    /// <param name="peer">Where it is.</param>
    /// <param name="subject">Whom its certificate names; null when it has none.</param>
    /// <param name="problem">What is wrong.</param>
    public void Report(PeerRole role, string peer, string? subject, string problem)
    {
        using (_lock.EnterScope())
        {
            if (_latest.TryGetValue(role, out var latest) && time.GetElapsedTime(latest) < Pause)
            {
                return;
            }

            _latest[role] = time.GetTimestamp();
        }

        // A certificate that nobody vouches for may hold line breaks.
        var name = subject is null ? "(none)" : string.Concat(subject.Where(static c => !char.IsControl(c)).Take(256));
        LogRefused(logger, role == PeerRole.Client ? "caller" : "server", peer, name, problem);
    }

    [LoggerMessage(3103, LogLevel.Warning, "The certificate of the {Role} {Peer}, {Subject}, is not accepted: {Problem}")]
    private static partial void LogRefused(ILogger logger, string role, string peer, string subject, string problem);
}
