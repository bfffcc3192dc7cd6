using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;

namespace Dske.Protocol.Clients;

/// <summary>
/// Which client has which encryptor, as the hubs say: believed when as many agree as rebuild a key, so that fewer liars than could make up a key
/// change nothing. Answers are kept for a while, since every question costs PSRD.
/// </summary>
/// <remarks>Safe for concurrent use: one lock guards what is kept. Who asks what others ask already waits for the same answer.</remarks>
internal sealed class EncryptorDirectory(
    NodeName client, int threshold, IReadOnlyList<HubLink> links, ShareExchange exchange, ClientLimits limits, TimeProvider time, BackgroundExchanges background)
{
    private const int MaxKept = 1024;

    private static readonly TimeSpan KeepKnown = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeepOthers = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<SaeId, Kept<SaeOwner>> _owners = [];
    private readonly Queue<SaeId> _order = new();
    private Kept<IReadOnlyList<ListedClient>?>? _clients;
    private long _secondBegan;
    private int _asked;

    /// <summary>Finds out who has an encryptor.</summary>
    public async ValueTask<SaeOwner> FindAsync(SaeId sae, CancellationToken cancellationToken)
    {
        Kept<SaeOwner> kept;
        lock (_lock)
        {
            if (!_owners.TryGetValue(sae, out var found) || found.IsOver(time))
            {
                if (!TryAsk())
                {
                    return default;
                }

                MakeRoomFor(sae);
                found = new Kept<SaeOwner>(() => AskForOwnerAsync(sae), owner => owner.Kind == SaeOwnerKind.Known ? KeepKnown : KeepOthers, time);
                _owners[sae] = found;
            }

            kept = found;
        }

        return await kept.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The clients, each as enough hubs agree on it, by name; null when too few hubs answer.</summary>
    public async ValueTask<IReadOnlyList<ListedClient>?> ListAsync(CancellationToken cancellationToken)
    {
        Kept<IReadOnlyList<ListedClient>?> kept;
        lock (_lock)
        {
            if (_clients is null || _clients.IsOver(time))
            {
                _clients = new Kept<IReadOnlyList<ListedClient>?>(AskForClientsAsync, clients => clients is null ? KeepOthers : KeepKnown, time);
            }

            kept = _clients;
        }

        return await kept.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts a question; false when there were as many of late as there may be, since each takes PSRD that keys are made with.</summary>
    private bool TryAsk()
    {
        var now = time.GetTimestamp();
        if (_asked == 0 || time.GetElapsedTime(_secondBegan, now) >= TimeSpan.FromSeconds(1))
        {
            (_secondBegan, _asked) = (now, 0);
        }

        return _asked++ < limits.MaxLookUpsPerSecond;
    }

    /// <summary>What was asked first goes first.</summary>
    private void MakeRoomFor(SaeId sae)
    {
        if (_owners.ContainsKey(sae))
        {
            return;
        }

        while (_order.Count >= MaxKept)
        {
            _owners.Remove(_order.Dequeue());
        }

        _order.Enqueue(sae);
    }

    private async Task<SaeOwner> AskForOwnerAsync(SaeId sae)
    {
        var said = new Dictionary<string, int>(StringComparer.Ordinal);
        using var deadline = new Deadline(limits.EstablishTimeout, time, CancellationToken.None);
        var pending = AskAll(sae);
        while (await deadline.NextAsync(pending).ConfigureAwait(false) is { } reply)
        {
            if (reply is not { Kind: HubAnswerKind.Accepted, Clients: { } clients } || NameOwner(clients, sae) is not { } owner)
            {
                continue;
            }

            var agreed = said[owner] = said.GetValueOrDefault(owner) + 1;
            if (owner.Length > 0 && agreed >= threshold)
            {
                return SaeOwner.Of(NodeName.Parse(owner));
            }

            if (owner.Length == 0 && agreed > links.Count - threshold)
            {
                return new SaeOwner(SaeOwnerKind.Unknown, null);
            }
        }

        return default;
    }

    private async Task<IReadOnlyList<ListedClient>?> AskForClientsAsync()
    {
        var answers = new List<IReadOnlyList<ListedClient>>();
        using var deadline = new Deadline(limits.EstablishTimeout, time, CancellationToken.None);
        var pending = AskAll(null);
        var began = time.GetTimestamp();
        while (await deadline.NextAsync(pending).ConfigureAwait(false) is { } reply)
        {
            if (reply is { Kind: HubAnswerKind.Accepted, Clients: { } clients })
            {
                answers.Add(clients);
                if (answers.Count == threshold)
                {
                    // The others may know of a client that one of these has lost.
                    deadline.Shorten(limits.GraceAfter(time.GetElapsedTime(began)));
                }
            }
        }

        return answers.Count < threshold ? null :
        [
            .. answers.SelectMany(answer => answer.DistinctBy(listed => listed.ClientName))
                .GroupBy(listed => (listed.ClientName, string.Join('\n', listed.EncryptorNames)))
                .Where(same => same.Count() >= threshold && NodeName.TryParse(same.Key.ClientName, out _))
                .Select(same => same.First())
                .OrderBy(listed => listed.ClientName, StringComparer.Ordinal),
        ];
    }

    /// <summary>Exchanges of their own, which several may wait for: they end with the client, or when their time is over.</summary>
    private List<Task<HubReply>> AskAll(SaeId? sae)
    {
        var query = new EncryptorsQuery { ClientName = client.Value, SaeId = sae };
        return [.. links.Where(link => link.Session is { IsNative: true }).Select(link => background.Run(token => exchange.AskAsync(link, query, token)))];
    }

    /// <summary>The client that a hub names; empty when it says that there is none, null when it makes no sense.</summary>
    private static string? NameOwner(IReadOnlyList<ListedClient> clients, SaeId sae) => clients switch
    {
        [] => string.Empty,
        [var listed] when NodeName.TryParse(listed.ClientName, out _)
            && (listed.ClientName == sae.Value || listed.EncryptorNames.Contains(sae.Value, StringComparer.Ordinal)) => listed.ClientName,
        _ => null,
    };

    /// <summary>An answer, or the wait for it. It is kept from when it comes, whether or not anybody still waits for it then.</summary>
    private sealed class Kept<T>
    {
        private readonly Lazy<Task<T>> _answer;
        private long _until = long.MaxValue;

        public Kept(Func<Task<T>> ask, Func<T, TimeSpan> keepFor, TimeProvider time) => _answer = new Lazy<Task<T>>(async () =>
        {
            var duration = TimeSpan.Zero;
            try
            {
                var answer = await ask().ConfigureAwait(false);
                duration = keepFor(answer);
                return answer;
            }
            finally
            {
                Interlocked.Exchange(ref _until, time.GetTimestamp() + (long)(duration.TotalSeconds * time.TimestampFrequency));
            }
        });

        /// <summary>The answer; the first one to look at it asks.</summary>
        public Task<T> Answer => _answer.Value;

        public bool IsOver(TimeProvider time) => time.GetTimestamp() >= Interlocked.Read(ref _until);
    }
}
