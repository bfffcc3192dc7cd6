using Dske.Protocol.Clients;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Model;

/// <summary>What happens to the messages of one link, those about shares and syncs alike.</summary>
/// <param name="name">What it is, for the account of a run.</param>
/// <param name="messages">How many messages it strikes.</param>
/// <param name="strike">What it does to each; holds by <see cref="HoldAsync"/>.</param>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class Weather(string name, int messages, Func<Weather, Fault> strike)
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Func<Task>> _late = [];
    private int _left = messages;
    private int _held;
    private int _heldSyncs;
    private volatile bool _isReleased;

    /// <summary>How many messages about shares are held now.</summary>
    public int Held => _isReleased ? 0 : Volatile.Read(ref _held);

    /// <summary>How many syncs are held now.</summary>
    public int HeldSyncs => _isReleased ? 0 : Volatile.Read(ref _heldSyncs);

    /// <summary>Whether it strikes no further message.</summary>
    public bool IsOver => _isReleased || Volatile.Read(ref _left) <= 0;

    /// <summary>Holds a message until it is let go or its sender gives up.</summary>
    /// <param name="exchange">The message.</param>
    /// <param name="until">What else lets it go; null for nothing.</param>
    /// <param name="late">Brings it to the hub though its sender gave up, once it is let go; null when it is there already.</param>
    /// <param name="cancellationToken">The sender gives up.</param>
    public async Task HoldAsync(InBandExchange exchange, Task? until, Func<Task>? late, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref exchange.IsSync ? ref _heldSyncs : ref _held);
        try
        {
            await (until is null ? _released.Task : Task.WhenAny(_released.Task, until)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late is not null)
        {
            lock (_late)
            {
                _late.Add(late);
            }

            throw;
        }
        finally
        {
            Interlocked.Decrement(ref exchange.IsSync ? ref _heldSyncs : ref _held);
        }
    }

    /// <summary>Lets go what is held. Messages whose senders gave up arrive late.</summary>
    public async Task ReleaseAsync()
    {
        _isReleased = true;
        _released.TrySetResult();
        foreach (var arrive in _late)
        {
            try
            {
                await arrive();
            }
            catch (OperationCanceledException)
            {
                // The hub found out that nobody waits for its answer.
            }
        }
    }

    /// <summary>Strikes a message, or lets it pass.</summary>
    public Task<HubResponse?> PassAsync(InBandExchange exchange, Func<Task<HubResponse?>> deliver, CancellationToken cancellationToken)
        => !_isReleased && Interlocked.Decrement(ref _left) >= 0 ? strike(this)(exchange, deliver, cancellationToken) : deliver();

    /// <inheritdoc />
    public override string ToString() => name;
}
