using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Clients;

/// <summary>
/// A client's side of a link as it stands since a registration: how the hub speaks, and the two pools. Signs and encrypts requests,
/// checks and decrypts answers; does no I/O.
/// </summary>
/// <remarks>Safe for concurrent use: the pools guard themselves; of the rest only <see cref="IsSynced"/> changes.</remarks>
public sealed partial class LinkSession : IDisposable
{
    private volatile bool _isSynced;

    /// <summary>Opens a session.</summary>
    /// <param name="hubInstance">The instance that the hub sent: then the link is native. Null for a foreign hub.</param>
    /// <param name="dialect">How the hub speaks; a native link speaks <see cref="Dialect.Guide"/>.</param>
    /// <param name="clientOwned">The pool that this end allocates from; the session owns it.</param>
    /// <param name="hubOwned">The pool that the hub allocates from; the session owns it.</param>
    /// <exception cref="ArgumentNullException">A pool is null.</exception>
    /// <exception cref="ArgumentException">A native link in another dialect than the guide's.</exception>
    public LinkSession(Guid? hubInstance, Dialect dialect, LocalPool clientOwned, PeerPool hubOwned)
    {
        ArgumentNullException.ThrowIfNull(clientOwned);
        ArgumentNullException.ThrowIfNull(hubOwned);
        if (hubInstance is not null && dialect != Dialect.Guide)
        {
            throw new ArgumentException("A native link speaks the guide's dialect.", nameof(dialect));
        }

        HubInstance = hubInstance;
        Dialect = dialect;
        ClientOwned = clientOwned;
        HubOwned = hubOwned;
        _isSynced = !IsNative;
    }

    /// <summary>The hub's instance; null on a foreign link.</summary>
    public Guid? HubInstance { get; }

    /// <summary>Whether the hub is one of ours: then answers have to be bound to their requests.</summary>
    public bool IsNative => HubInstance is not null;

    /// <summary>How the hub speaks.</summary>
    public Dialect Dialect { get; }

    /// <summary>This end allocates: keys and pads of requests.</summary>
    public LocalPool ClientOwned { get; }

    /// <summary>The hub allocates: keys and pads of answers.</summary>
    public PeerPool HubOwned { get; }

    /// <summary>Takes in a block that a courier brought: it waits for a sync.</summary>
    internal void Hold(PoolOwner owner, IPsrdBlock block)
    {
        if (owner == PoolOwner.Client)
        {
            ClientOwned.Hold(block);
        }
        else
        {
            HubOwned.Hold(block);
        }
    }

    /// <summary>Zeroes the open windows of both pools.</summary>
    public void Dispose()
    {
        ClientOwned.Dispose();
        HubOwned.Dispose();
    }

    private string Sign(ReadOnlySpan<byte> signingKey, Allocation keyAllocation, string query, ReadOnlySpan<byte> body)
    {
        Span<byte> signature = stackalloc byte[MessageMac.Size];
        MessageMac.Sign(signingKey, Encoding.UTF8.GetBytes(query), body, signature);
        return new SignatureHeader(Dialect, keyAllocation, signature).ToString();
    }

    private bool IsAuthentic(
        OutgoingRequest request, HubResponse response, [NotNullWhen(true)] out SignatureHeader? header, bool withPending = false)
    {
        if (!SignatureHeader.TryParse(response.Signature, out header) || header.Dialect != Dialect)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[MessageMac.KeySize];
        Span<byte> expected = stackalloc byte[MessageMac.Size];
        try
        {
            if (HubOwned.TryRead(header.SigningKey, key, withPending) != PsrdOutcome.Ok)
            {
                return false;
            }

            if (IsNative)
            {
                MessageMac.SignBound(key, response.Body.Span, response.Status, request.Signature, expected);
            }
            else
            {
                MessageMac.Sign(key, default, response.Body.Span, expected);
            }

            return CryptographicOperations.FixedTimeEquals(expected, header.Signature);
        }
        finally
        {
            key.Clear();
        }
    }
}
