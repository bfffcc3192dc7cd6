using Dske.Encryptor.Configuration;
using Dske.Encryptor.Endpoints;
using Dske.Encryptor.Establishment;
using Dske.Protocol.Secrets;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>
/// What the initiator of one link proposes next: gets keys from the KME, names them in a hello of the present instance and with the next number, and keeps
/// that until it is taken up, given up or too old.
/// </summary>
/// <remarks>For one task, the link's driver. It owns the keys of <see cref="Current"/>.</remarks>
internal sealed class EpochProposer : IDisposable
{
    private readonly Link _link;
    private readonly EncryptorSettings _settings;
    private readonly KmeExchange _kme;
    private readonly IEntropySource _entropy;
    private readonly TimeProvider _time;
    private Guid _instance;
    private long _epoch;
    private bool _hasBegun;
    private PadPlan? _plan;

    public EpochProposer(Link link, EncryptorSettings settings, KmeExchange kme, IEntropySource entropy, TimeProvider time) =>
        (_link, _settings, _kme, _entropy, _time) = (link, settings, kme, entropy, time);

    /// <summary>What is proposed; null when there is nothing.</summary>
    public EpochProposal? Current { get; private set; }

    /// <summary>The instance of the responder, as far as it is known.</summary>
    public Guid Responder { get; set; }

    /// <summary>How long the KME asked to be left alone when it was asked last.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>Sees to it that there is a proposal.</summary>
    /// <param name="session">The session that is to roll over; null to begin one.</param>
    /// <param name="settings">How the link is to be kept.</param>
    /// <param name="cancellationToken">Ends it; keys on their way are lost.</param>
    /// <returns>Null when there is one; otherwise why not, in words.</returns>
    public async Task<string?> ProposeAsync(LinkSession? session, LinkSettings settings, CancellationToken cancellationToken)
    {
        RetryAfter = null;
        if (session is null && (_hasBegun || _instance == Guid.Empty))
        {
            Restart();
        }

        if (Current is { } old
            && (old.Hello.Cipher != settings.Cipher
                || old.Hello.InitiatorInstance != _instance
                || _time.GetElapsedTime(old.MadeAt) >= LinkLimits.HelloLife))
        {
            Discard();
        }

        return Current is null ? await GetKeysAsync(session, settings, cancellationToken) : null;
    }

    /// <summary>Proposes the same keys to another instance of the responder, which has not asked for them yet, as a new instance.</summary>
    /// <exception cref="InvalidOperationException">Nothing is proposed.</exception>
    public void ProposeTo(Guid responder)
    {
        var proposal = Current ?? throw new InvalidOperationException("Nothing is proposed.");
        Responder = responder;
        Restart();
        _epoch = 1;
        Current = proposal.With(proposal.Hello with { InitiatorInstance = _instance, ResponderInstance = responder, Epoch = 1 });
    }

    /// <summary>A session began with what is proposed: the next one has another instance.</summary>
    public void NoteBegun() => _hasBegun = true;

    /// <summary>What is proposed was taken up, and its confirmation with it.</summary>
    public void NoteTakenUp()
    {
        Current?.Dispose();
        Current = null;
    }

    /// <summary>Zeroes the keys of what is proposed: it is never named again.</summary>
    public void Discard()
    {
        Current?.Confirmation.Dispose();
        NoteTakenUp();
    }

    /// <inheritdoc />
    public void Dispose() => Discard();

    private async Task<string?> GetKeysAsync(LinkSession? session, LinkSettings settings, CancellationToken cancellationToken)
    {
        var (toResponder, toInitiator, keyBytes) = (1, 0, EpochKeys.KeySize);
        if (settings.Cipher == LinkCipher.OneTimePad)
        {
            if (_plan is null)
            {
                var status = await _kme.GetStatusAsync(_link.Peer.SaeId, cancellationToken);
                if (!status.Succeeded)
                {
                    return EncryptorProblems.Say(status);
                }

                _plan = PadPlan.For(settings, status.Value);
                if (_plan is null)
                {
                    return $"The KME serves keys of {status.Value.MaxKeySize} bits at most, which is too short for a pad.";
                }
            }

            (toResponder, toInitiator, keyBytes) = _plan.Next(session?.Secrets, settings);
        }

        var delivery = await _kme.GetFreshAsync(_link.Peer.SaeId, toResponder + toInitiator, keyBytes * 8, cancellationToken);
        if (!delivery.Succeeded)
        {
            (_plan, RetryAfter) = (null, delivery.RetryAfter);
            return EncryptorProblems.Say(delivery);
        }

        var hello = new LinkHello
        {
            Cipher = settings.Cipher,
            InitiatorInstance = _instance,
            ResponderInstance = Responder,
            Epoch = ++_epoch,
            MaxKeyAgeSeconds = (int)settings.MaxKeyAge.TotalSeconds,
            KeyBytes = keyBytes,
            InitiatorKeys = settings.Cipher == LinkCipher.OneTimePad ? toResponder : 0,
            Initiator = _settings.SaeId,
            Responder = _link.Peer.SaeId,
            KeyIds = [.. delivery.Value.Keys.Select(static key => key.KeyId)],
        };
        Current = new EpochProposal(hello, delivery.Value, _time.GetTimestamp());
        return null;
    }

    private void Restart() => (_instance, _epoch, _hasBegun) = (_entropy.NextUuid(), 0, false);
}
