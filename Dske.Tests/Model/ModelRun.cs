using System.Collections.Concurrent;
using Dske.Protocol.Clients;
using Dske.Protocol.Hubs;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Model;

/// <summary>
/// Runs a network of five hubs and two or three clients through operations that a seed draws, with what may go wrong in between, and compares it
/// with the model after each step.
/// </summary>
/// <remarks>
/// Everything is drawn by the runner, between steps, when the network has come to rest; time is virtual. What the engines leave to the thread
/// pool (several keys at a time, the upkeep of links) is not in the runner's hand: a seed draws the same operations as long as the same keys come
/// of them, and almost always repeats a failure, but threads may take turns in another order.
/// </remarks>
internal sealed partial class ModelRun : IAsyncDisposable
{
    private const int Threshold = 3;

    private const int AccountOf = 40;

    private static readonly TimeSpan HealsWithin = TimeSpan.FromSeconds(10);

    private static readonly (string Client, string[] Encryptors)[] People = [("carol", ["sam", "sunny"]), ("celia", ["serena"]), ("conny", ["sofia"])];

    private readonly Random _random;
    private readonly InMemoryNetwork _network;
    private readonly NetworkModel _model;
    private readonly Interference _interference;
    private readonly Dictionary<NodeName, InMemoryClient> _clients = [];
    private readonly List<SaeId> _saes = [];
    private readonly List<ModelOperation> _operations = [];
    private readonly List<InBandExchange> _recorded = [];

    // The keys that are being fetched, one entry for each who does, and those that more than one does.
    private readonly List<Guid> _wanted = [];
    private readonly HashSet<Guid> _contended = [];
    private readonly ConcurrentQueue<(InBandExchange Exchange, bool IsAnswered, DateTimeOffset At)> _passed = new();
    private readonly ConcurrentQueue<HubAccusation> _accusations = new();
    private readonly Queue<string> _account = new();
    private readonly Queue<(InBandExchange Exchange, DateTimeOffset At)> _answers = new();
    private readonly Dictionary<string, int> _counts = [];
    private int _step;

    // Grows with everything that happens to the network.
    private int _changes;

    private ModelRun(int seed, NetworkSettings settings)
    {
        _random = new Random(seed);
        _network = new InMemoryNetwork(settings with
        {
            Threshold = Threshold,
            Psrd = new PsrdTargets(BlockSize: 2048, RefillBelow: 800, RefillTo: 2048),
            ClientLimits = new ClientLimits { HubTimeout = TimeSpan.FromSeconds(4), TombstoneTime = TimeSpan.FromSeconds(150) },
            HubLimits = new HubLimits
            {
                HoldTime = TimeSpan.Zero,
                ShareTimeToLive = TimeSpan.FromSeconds(120),
                RepeatWindow = TimeSpan.FromSeconds(20),
            },
            Seed = seed,
        });
        var people = People[..(2 + (seed % 2))];
        var owners = people.SelectMany(person => person.Encryptors.Select(sae => (sae, person.Client)))
            .ToDictionary(entry => SaeId.Parse(entry.sae), entry => NodeName.Parse(entry.Client));
        _saes.AddRange(owners.Keys);
        _model = new NetworkModel(_network.Hubs.Count, Threshold, owners, _network.Settings.HubLimits, _network.Settings.ClientLimits.TombstoneTime);
        _interference = new Interference(_network, _model);
        foreach (var hub in _network.Hubs)
        {
            hub.Passing = exchange => _passed.Enqueue((exchange, exchange.Answered is not null, Now));
        }

        foreach (var (name, encryptors) in people)
        {
            var client = _network.AddClient(name, Dialect.Guide, encryptors);
            _clients.Add(client.Name, client);
            Watch(client);
        }

        foreach (var link in _model.Links)
        {
            link.DisturbedAt = Now;
        }
    }

    private DateTimeOffset Now => _network.Time.GetUtcNow();

    /// <summary>Runs a network and compares it with the model after each step.</summary>
    /// <param name="seed">Draws everything.</param>
    /// <param name="steps">How many operations.</param>
    /// <param name="settings">What to build the network on; null for the ordinary.</param>
    /// <param name="sabotage">What else to do to the network, unknown to the model; null for nothing.</param>
    /// <returns>How often what came to pass: a run in which nothing happens proves nothing.</returns>
    /// <exception cref="ModelViolationException">Something happened that the model does not allow. The message tells how to run it again.</exception>
    public static async Task<IReadOnlyDictionary<string, int>> RunAsync(
        int seed, int steps, NetworkSettings? settings = null, Action<InMemoryNetwork>? sabotage = null)
    {
        var run = new ModelRun(seed, settings ?? new NetworkSettings());
        sabotage?.Invoke(run._network);
        try
        {
            await run.RunAsync(steps);
            await run.DisposeAsync();
            return run._counts;
        }
        catch (Exception fault) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new ModelViolationException(
                $"Seed {seed}, step {run._step}: {fault.Message}\n  {string.Join("\n  ", run._account)}\n{run.Describe()}\n"
                    + $"Again: ModelRun.RunAsync({seed}, {steps}), or {ModelCampaign.HowToReplay(seed, steps)}",
                fault);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _network.DisposeAsync();

    private async Task RunAsync(int steps)
    {
        await HealAsync();
        for (_step = 1; _step <= steps; _step++)
        {
            await OperateAsync();
            await SettleAsync();
            Compare();
        }

        await HealAsync();
    }

    private void Watch(InMemoryClient client) => client.Engine.Reputation.Accused += (_, accusation) => _accusations.Enqueue(accusation);

    private void Tell(string what)
    {
        _account.Enqueue($"{_step} {Now:HH:mm:ss.fff} {what}");
        if (_account.Count > AccountOf)
        {
            _account.Dequeue();
        }
    }

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    private T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Describe() => string.Join('\n', _answers.Select(answer => $"  {answer.At:HH:mm:ss.fff} {answer.Exchange}")) + '\n' + string.Join('\n', _model.Links.Select(link =>
    {
        var client = _clients[link.Client];
        var engineLink = client.Link(link.Hub);
        return $"  {link.Client}→{_network.Hubs[link.Hub].Name}: good {link.IsGood}, cut {link.IsCut}, weather {link.Weather}, disturbed {link.DisturbedAt:HH:mm:ss.fff}, "
            + $"client runs {client.IsRunning}, hub up {_model.Hubs[link.Hub].IsUp}, lie {_model.Hubs[link.Hub].Lie}, usable {engineLink.IsUsable}, waiting {engineLink.Waiting}, "
            + $"available {engineLink.Available(PoolOwner.Client)} and {engineLink.Available(PoolOwner.Hub)}";
    }));

    /// <summary>Steps aside until everything that can go on without time passing has.</summary>
    private async Task SettleAsync()
    {
        // What has just been begun may not have come as far as its first message.
        for (var seen = 0; seen < (_operations.Exists(operation => !operation.Task.IsCompleted) ? 25 : 5); seen++)
        {
            if (!IsQuiet())
            {
                seen = 0;
                await Eventually.TrueAsync(IsQuiet, "the network is at rest");
            }

            await Task.Yield();
        }

        // What needs no time has as long as it takes, on a machine that is busy with other things as well.
        foreach (var operation in _operations.Where(operation => operation.NeedsNoTime && operation.Changes == _changes))
        {
            await Eventually.TrueAsync(
                () => operation.Task.IsCompleted || _model.LinksOf(operation.Client).Any(link => link.IsGood && _clients[link.Client].Link(link.Hub).IsPausing),
                operation.What);
        }

        // In this order: what is over has its answers on record.
        var over = _operations.Where(operation => operation.Task.IsCompleted).ToList();
        Learn();
        foreach (var operation in over)
        {
            _operations.Remove(operation);
            var result = await operation.Task;
            Tell($"{operation.What}: {result.Outcome}{(result.Keys is { } keys ? " " + string.Join(", ", keys.Keys.Select(key => key.KeyId)) : "")}");
            using (result.Keys)
            {
                operation.Check(result, operation.Changes == _changes);
            }
        }
    }

    /// <summary>Whether nothing happens any more unless time passes: what waits, waits for something known.</summary>
    private bool IsQuiet()
    {
        if (!_network.IsAtRest())
        {
            return false;
        }

        foreach (var (_, client) in _clients)
        {
            var isAnyBlocked = false;
            foreach (var link in client.IsRunning ? client.Engine.Links : [])
            {
                if (link.Waiting == 0)
                {
                    continue;
                }

                // An exchange is held itself, or waits for the upkeep, which is held or pauses.
                var weather = _model.LinkOf(client.Name, link.Index).Weather;
                if (!link.IsPausing && weather is not { HeldSyncs: > 0 } && (weather?.Held ?? 0) < link.Waiting)
                {
                    return false;
                }

                isAnyBlocked = true;
            }

            if (!isAnyBlocked && _operations.Exists(operation => operation.Client == client.Name && !operation.Task.IsCompleted))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Lets time pass until all that was begun is over.</summary>
    private async Task FinishAsync()
    {
        await SettleAsync();
        while (_operations.Count > 0)
        {
            _network.Time.AdvanceToNext(TimeSpan.FromSeconds(1));
            await SettleAsync();
        }
    }

    /// <summary>Lets time pass, from one timer to the next.</summary>
    private async Task PassAsync(TimeSpan duration)
    {
        for (var until = Now + duration; Now < until;)
        {
            _network.Time.AdvanceToNext(until - Now);
            await SettleAsync();
        }
    }

    /// <summary>The model takes note of what was answered on the wire.</summary>
    private void Learn()
    {
        while (_passed.TryDequeue(out var entry))
        {
            if (!entry.IsAnswered)
            {
                _model.NoteArrived(entry.Exchange, entry.At);
                continue;
            }

            _model.NoteAnswered(entry.Exchange, entry.At);
            if (entry.Exchange.Answered is { Status: 200 })
            {
                _recorded.Add(entry.Exchange);
            }

            _answers.Enqueue((entry.Exchange, entry.At));
            if (_answers.Count > AccountOf)
            {
                _answers.Dequeue();
            }
        }

        if (_recorded.Count > 400)
        {
            _recorded.RemoveRange(0, 200);
        }
    }
}
