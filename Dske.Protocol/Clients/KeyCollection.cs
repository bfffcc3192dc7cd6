using Dske.Protocol.Errors;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.SecretSharing;

namespace Dske.Protocol.Clients;

/// <summary>One key that is being fetched: its shares, and what hubs say that have none.</summary>
/// <remarks>
/// <see cref="Add"/> and <see cref="Leave"/> are called by each hub's exchange, and are safe for concurrent use; the rest is for the one who waits
/// for the key.
/// </remarks>
internal sealed class KeyCollection(Guid keyId, ShamirScheme scheme, ShareCollection shares)
{
    private readonly int _enough = scheme.ShareCount - scheme.Threshold + 1;
    private int _found;
    private int _notFound;
    private int _notYours;
    private int _leftOff;
    private bool _isTaken;

    /// <summary>Takes a hub's share.</summary>
    /// <returns>What is to be counted: a share that is not the hub's own is none.</returns>
    public FetchedKeyShare Add(int hub, FetchedKeyShare fetched, bool isBound)
    {
        if (fetched.Share is not { } share)
        {
            return fetched;
        }

        // Share i goes over hub i.
        var isOwn = share.Index == hub;
        shares.Add(hub, share, isBound);
        return isOwn ? fetched : fetched with { Share = null };
    }

    /// <summary>The hub is through.</summary>
    public void Leave() => shares.Leave();

    /// <summary>Counts what a hub said.</summary>
    /// <param name="reply">The hub's reply.</param>
    /// <param name="place">Which of the keys asked for this one is.</param>
    public void Count(HubReply reply, int place)
    {
        // A refusal of the whole message is one of each key.
        var (share, error) = reply.Shares is { } all ? (all[place].Share, all[place].Error)
            : (null, reply.Kind == HubAnswerKind.Refused ? reply.Error : null);
        _found += share is null ? 0 : 1;
        _notFound += error == DskeError.ShareUnknown ? 1 : 0;
        _notYours += error == DskeError.ShareNotYours ? 1 : 0;
        _leftOff += error == DskeError.ShareLeftOff ? 1 : 0;
    }

    /// <summary>Whether no further reply changes what becomes of the key.</summary>
    /// <param name="pending">How many hubs have not replied yet.</param>
    public bool IsDecided(int pending) => shares.HasKey
        || Math.Max(Math.Max(_notFound, _notYours), _leftOff) >= _enough
        || (IsHopeless(pending) && Math.Max(Math.Max(_notFound, _notYours), _leftOff) + pending < _enough);

    /// <summary>Whether no key can come of it any more.</summary>
    /// <param name="pending">How many hubs have not replied yet.</param>
    public bool IsHopeless(int pending) => !shares.HasKey && _found + pending < scheme.Threshold;

    /// <summary>Takes the key, or says why there is none.</summary>
    public CollectedKey Finish()
    {
        if (shares.HasKey)
        {
            _isTaken = true;
            return new CollectedKey(KeyOutcome.Ok, new DeliveredKey(keyId, shares.TakeKey()));
        }

        var outcome = _notYours >= _enough ? KeyOutcome.NotYours : _notFound >= _enough ? KeyOutcome.NotFound : KeyOutcome.Unavailable;

        // Hubs that missed different keys leave off different ones: a single hub that may still have it makes it worth while to ask again.
        return new CollectedKey(outcome, null, outcome == KeyOutcome.Unavailable && _leftOff > 0);
    }

    /// <summary>Nobody waits any more: with a key, late shares are still judged; without, all are erased.</summary>
    public void End()
    {
        if (_isTaken)
        {
            shares.Leave();
        }
        else
        {
            shares.Close();
        }
    }
}
