using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;

namespace Dske.Protocol.Hubs;

/// <summary>
/// A hub without its network: raw requests in, raw answers out. It registers clients, makes their PSRD, and relays key shares from
/// the client that posts them to the client that may fetch them (guide, "Client onboarding" and "Key establishment").
/// </summary>
/// <remarks>
/// Safe for concurrent use. Order of every in-band request: read the message, read its signing key without using it, compare
/// signatures, and only then use key and pad in one step. Up to there nothing changes, so a forged request leaves no trace.
/// </remarks>
public sealed class HubEngine : IDisposable
{
    private readonly NetworkShape _network;
    private readonly IEntropySource _entropy;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly HubLimits _limits;
    private readonly ClientRegistry _clients;
    private readonly ShareStore _shares;

    /// <summary>Puts a hub together.</summary>
    /// <param name="name">The hub's name.</param>
    /// <param name="network">The hubs of the network, in order, and the threshold.</param>
    /// <param name="instance">The UUID kept with <paramref name="store"/>: another one tells clients that their PSRD here is lost.</param>
    /// <param name="store">Where PSRD is kept.</param>
    /// <param name="entropy">Where PSRD comes from.</param>
    /// <param name="time">The clock that shares expire by.</param>
    /// <param name="limits">What clients are granted; null for the defaults.</param>
    /// <exception cref="ArgumentNullException">An argument other than <paramref name="limits"/> is null.</exception>
    public HubEngine(
        NodeName name, NetworkShape network, Guid instance, IPsrdStore store, IEntropySource entropy, TimeProvider time, HubLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(entropy);
        ArgumentNullException.ThrowIfNull(time);
        Name = name;
        Instance = instance;
        NetworkHash = network.ComputeHash();
        _network = network;
        _entropy = entropy;
        _time = time;
        _began = time.GetTimestamp();
        _limits = limits ?? new HubLimits();
        _clients = new ClientRegistry(store, _limits);
        _shares = new ShareStore(_limits, time);
    }

    /// <summary>The hub's name.</summary>
    public NodeName Name { get; }

    /// <summary>The UUID kept with the hub's state.</summary>
    public Guid Instance { get; }

    /// <summary>The hash of the network that this hub means (<see cref="NetworkShape.ComputeHash"/>).</summary>
    public string NetworkHash { get; }

    /// <summary>Registers a client, or takes its changes (guide, "Client registration").</summary>
    /// <param name="request">The request as read; its names are checked here.</param>
    /// <param name="instance">The client's instance; null when it sent none, as other implementations do.</param>
    /// <param name="networkHash">The hash of the network that the client means; null when it sent none.</param>
    /// <returns>What became of it; a refusal changed nothing.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    public RegistrationResult Register(RegistrationRequest request, Guid? instance, string? networkHash)
    {
        ArgumentNullException.ThrowIfNull(request);
        var encryptors = new List<SaeId>(request.EncryptorNames.Count);
        if (!NodeName.TryParse(request.ClientName, out var client) || request.EncryptorNames.Count > RegistrationRequest.MaxEncryptors)
        {
            return new RegistrationResult(DskeError.MalformedMessage, false, false);
        }

        foreach (var name in request.EncryptorNames)
        {
            if (!SaeId.TryParse(name, out var sae) || encryptors.Contains(sae))
            {
                return new RegistrationResult(DskeError.MalformedMessage, false, false);
            }

            encryptors.Add(sae);
        }

        return _clients.Register(client, encryptors, instance, networkHash is not null && networkHash != NetworkHash);
    }

    /// <summary>Makes a block of PSRD for a client, keeps one copy and gives the other away (guide, "Request Pre-Shared Random Data").</summary>
    /// <param name="clientName">The client that asks.</param>
    /// <param name="owner">Which end will allocate from it.</param>
    /// <param name="size">The size, in bytes.</param>
    /// <param name="error">Why not; null when the result is a block.</param>
    /// <returns>The block, which the caller disposes; null when refused.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="clientName"/> is null.</exception>
    public PsrdAnswer? IssuePsrd(string clientName, PoolOwner owner, long size, out DskeError? error)
    {
        ArgumentNullException.ThrowIfNull(clientName);
        if (size < 1 || size > _limits.MaxBlockSize)
        {
            error = DskeError.PsrdSizeOutOfRange;
            return null;
        }

        if (!_clients.TryGet(clientName, out var client))
        {
            error = DskeError.ClientNotRegistered;
            return null;
        }

        lock (client.Issuing)
        {
            return IssuePsrd(client, owner, (int)size, out error);
        }
    }

    /// <summary>Handles POST key-share: a client hands in a share (guide, "Initiator client posts key shares to all hubs").</summary>
    /// <param name="query">The raw query, without '?'.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    public HubAnswer PostKeyShare(string query, ReadOnlySpan<byte> body, string? signature)
    {
        ArgumentNullException.ThrowIfNull(query);
        var bind = query == KeyShareQuery.BindParameter;
        if (!TryReadHeader(signature, bind, out var header, out var answer))
        {
            return answer;
        }

        if ((!bind && query.Length > 0) || !MessageJson.TryRead<PostKeyShareRequest>(body, header.Dialect, out var message))
        {
            return Reject(DskeError.MalformedMessage, header.Dialect);
        }

        if (!TryAuthenticate(message.MasterClientName, header, query, body, out var client, out answer))
        {
            return answer;
        }

        // Only now: a forged message makes us allocate nothing beyond what it took to read it.
        using var share = new SecretBytes(message.EncryptedShareValue.Length);
        if (!TryTake(client, header, bind ? signature : null, message.EncryptionKeyAllocation, share.Span, out var request, out answer))
        {
            return answer;
        }

        using var activity = HubDiagnostics.Activities.StartActivity("dske.share.store");
        activity?.SetTag("dske.hub", Name.Value).SetTag("dske.share.index", message.ShareIndex).SetTag("dske.key.id", message.UserKeyId);
        var error = request.PadFault ?? Store(request.Request.Client, message, share);
        activity?.SetTag("dske.outcome", error is null ? "ok" : DskeErrors.GetName(error.Value));
        HubDiagnostics.CountShare(Name.Value, "store", error);
        return error is null ? HubAnswers.Stored(request.Request) : HubAnswers.Refused(request.Request, error.Value);
    }

    /// <summary>
    /// Handles GET key-share: a client fetches a share (guide, "Responder client gets key shares from all hubs"). A request for an
    /// unknown key is held for a moment, since the share may still be on its way.
    /// </summary>
    /// <param name="query">The raw query, without '?'.</param>
    /// <param name="hasBody">Whether the request has a body: then it is refused.</param>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    /// <param name="cancellationToken">Ends the holding: the client is gone.</param>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    /// <exception cref="OperationCanceledException">The client went while the request was held: no PSRD is spent on an answer.</exception>
    public async ValueTask<HubAnswer> GetKeyShareAsync(string query, bool hasBody, string? signature, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var readable = KeyShareQuery.TryParse(query, out var message);
        if (!TryReadHeader(signature, message?.Bind ?? false, out var header, out var answer))
        {
            return answer;
        }

        if (!readable || hasBody)
        {
            return Reject(DskeError.MalformedMessage, header.Dialect);
        }

        if (!TryAuthenticate(message!.ClientName, header, query, default, out var client, out answer)
            || !TryTake(client, header, message.Bind ? signature : null, null, default, out var request, out answer))
        {
            return answer;
        }

        using var activity = HubDiagnostics.Activities.StartActivity("dske.share.deliver");
        activity?.SetTag("dske.hub", Name.Value).SetTag("dske.key.id", message.KeyId);
        var error = Find(request.Request.Client, message, out var index, out var share);
        if (error == DskeError.ShareUnknown)
        {
            await _shares.WaitForAsync(message.KeyId, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            error = Find(request.Request.Client, message, out index, out share);
        }

        activity?.SetTag("dske.share.index", index).SetTag("dske.outcome", error is null ? "ok" : DskeErrors.GetName(error.Value));
        HubDiagnostics.CountShare(Name.Value, "deliver", error);
        using (share)
        {
            return error is null ? Deliver(request.Request, message, index, share!) : HubAnswers.Refused(request.Request, error.Value);
        }
    }

    /// <summary>Erases shares that expired. To be called now and then; they are never handed out either way.</summary>
    public void Sweep() => _shares.Sweep();

    /// <summary>The clients and their links, by name.</summary>
    public IReadOnlyList<ClientStatus> GetClients() => [.. _clients.Clients.Select(client => new ClientStatus(
        client.Name, client.Encryptors, client.Instance is not null, client.NetworkMismatch, client.HubOwned.GetStatus(), client.ClientOwned.GetStatus()))];

    /// <summary>How many shares wait here.</summary>
    public int ShareCount => _shares.Count;

    /// <summary>The shares that wait here.</summary>
    /// <param name="most">The most entries to return.</param>
    public IReadOnlyList<ShareStatus> GetShares(int most) => _shares.GetStatus(most);

    /// <summary>Zeroes shares and open windows.</summary>
    public void Dispose()
    {
        _shares.Dispose();
        _clients.Dispose();
    }

    private bool IsFull(RegisteredClient client, PoolOwner owner, long size)
    {
        var (bytes, blocks) = owner == PoolOwner.Hub
            ? (client.HubOwned.AvailableBytes, client.HubOwned.BlockCount)
            : (client.ClientOwned.AvailableBytes, client.ClientOwned.BlockCount);
        return bytes + size > _limits.MaxPoolBytes || blocks >= _limits.MaxBlocksPerPool;
    }

    private PsrdAnswer? IssuePsrd(RegisteredClient client, PoolOwner owner, int size, out DskeError? error)
    {
        error = null;
        if (IsFull(client, owner, size))
        {
            error = DskeError.PsrdLimitReached;
            return null;
        }

        PsrdAnswer answer;
        try
        {
            answer = new PsrdAnswer { BlockUuid = _entropy.NextUuid(), Data = _entropy.NextSecret(size) };
        }
        catch (EntropyException)
        {
            error = DskeError.EntropyUnavailable;
            return null;
        }

        var added = owner == PoolOwner.Hub
            ? client.HubOwned.TryAdd(answer.BlockUuid, answer.Data.Span)
            : client.ClientOwned.TryAdd(answer.BlockUuid, answer.Data.Span);
        if (!added)
        {
            answer.Dispose();
            error = DskeError.ClientNotRegistered;
            return !_clients.TryGet(client.Name.Value, out var current) || current.HubOwned != client.HubOwned
                ? null // Another registration has replaced the client's pools meanwhile.
                : throw new InvalidOperationException("The entropy source gave the same UUID twice: it is broken.");
        }

        HubDiagnostics.CountPsrd(Name.Value, owner, size);
        return answer;
    }

    private bool TryReadHeader(string? signature, bool bind, out SignatureHeader header, out HubAnswer answer)
    {
        answer = null!;
        if (SignatureHeader.TryParse(signature, out header!) && !(bind && header.Dialect == Dialect.Reference))
        {
            return true;
        }

        answer = Reject(signature is null ? DskeError.SignatureMissing : DskeError.SignatureMalformed, header?.Dialect ?? Dialect.Guide);
        return false;
    }

    /// <summary>Checks the signature. Whether it fits or not, nothing changed.</summary>
    private bool TryAuthenticate(
        string clientName, SignatureHeader header, string query, ReadOnlySpan<byte> body, out RegisteredClient client, out HubAnswer answer)
    {
        answer = null!;
        if (!_clients.TryGet(clientName, out client!))
        {
            answer = Reject(DskeError.ClientNotRegistered, header.Dialect);
            return false;
        }

        Span<byte> key = stackalloc byte[MessageMac.KeySize];
        Span<byte> expected = stackalloc byte[MessageMac.Size];
        try
        {
            var outcome = client.ClientOwned.TryRead(header.SigningKey, key);
            if (outcome != PsrdOutcome.Ok)
            {
                answer = Reject(ToError(outcome), header.Dialect);
                return false;
            }

            MessageMac.Sign(key, Encoding.UTF8.GetBytes(query), body, expected);
            if (!CryptographicOperations.FixedTimeEquals(expected, header.Signature))
            {
                answer = Reject(DskeError.SignatureInvalid, header.Dialect);
                return false;
            }

            return true;
        }
        finally
        {
            key.Clear();
        }
    }

    /// <summary>Uses up the signing key of an authentic request and takes its pad, if it has one.</summary>
    /// <returns>False when another request used the key first, or it lies too far ahead: then nothing changed.</returns>
    private bool TryTake(
        RegisteredClient client,
        SignatureHeader header,
        string? boundTo,
        Allocation? padAllocation,
        Span<byte> pad,
        out (VerifiedRequest Request, DskeError? PadFault) verified,
        out HubAnswer answer)
    {
        var isTaken = client.ClientOwned.TryTake(header.SigningKey, MessageMac.KeySize, padAllocation, pad, out var outcome);
        verified = (new VerifiedRequest(client, header.Dialect, boundTo), outcome == PsrdOutcome.Ok ? null : ToError(outcome));
        answer = isTaken ? null! : Reject(ToError(outcome), header.Dialect);
        return isTaken;
    }

    private DskeError? Store(RegisteredClient client, PostKeyShareRequest message, SecretBytes pad)
    {
        if (!SaeId.TryParse(message.MasterSaeId, out var master) || !client.Owns(master))
        {
            return DskeError.MasterSaeNotOwned;
        }

        if (!SaeId.TryParse(message.SlaveSaeId, out var slave) || !_clients.TryGetOwner(slave, out var slaveClient))
        {
            return _time.GetElapsedTime(_began) < _limits.SettleTime ? DskeError.RegistrationsIncomplete : DskeError.SlaveSaeUnknown;
        }

        if (message.ShareIndex < 0 || message.ShareIndex >= _network.HubNames.Count)
        {
            return DskeError.ShareIndexOutOfRange;
        }

        if (pad.Length is < KeySizes.MinBytes or > KeySizes.MaxBytes)
        {
            return DskeError.ShareSizeOutOfRange;
        }

        var share = pad.Clone();
        OneTimePad.Apply(message.EncryptedShareValue, share.Span);
        return _shares.Add(new StoredShare(message.UserKeyId, client.Name, master, slave, slaveClient, message.ShareIndex, share));
    }

    private DskeError? Find(RegisteredClient client, KeyShareQuery message, out int index, out SecretBytes? share)
    {
        (index, share) = (-1, null);
        return !SaeId.TryParse(message.MasterSaeId, out var master) || !SaeId.TryParse(message.SlaveSaeId, out var slave)
            ? DskeError.ShareUnknown
            : _shares.TryGet(message.KeyId, master, slave, client.Name, out index, out share);
    }

    private HubAnswer Deliver(VerifiedRequest request, KeyShareQuery message, int index, SecretBytes share)
    {
        var answer = HubAnswers.Delivered(request, index, share);
        if (answer.Error is null)
        {
            _shares.MarkDelivered(message.KeyId, SaeId.Parse(message.MasterSaeId), SaeId.Parse(message.SlaveSaeId), request.Client.Name);
        }

        return answer;
    }

    private HubAnswer Reject(DskeError error, Dialect dialect)
    {
        HubDiagnostics.CountRejected(Name.Value, error);
        return HubAnswers.Unsigned(error, dialect);
    }

    private static DskeError ToError(PsrdOutcome outcome) => outcome switch
    {
        PsrdOutcome.UnknownBlock => DskeError.PsrdUnknownBlock,
        PsrdOutcome.AlreadyUsed => DskeError.PsrdAlreadyUsed,
        PsrdOutcome.JumpTooFar => DskeError.PsrdJumpTooFar,
        PsrdOutcome.OutOfPsrd => DskeError.OutOfPsrd,
        _ => DskeError.PsrdInvalidRange,
    };
}
