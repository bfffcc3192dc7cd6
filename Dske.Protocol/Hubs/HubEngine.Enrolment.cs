using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>How a hub takes in a client that a couriered file enrols: by its first sync, which is signed with what the file brought.</summary>
public sealed partial class HubEngine
{
    private readonly Lock _enrolling = new();

    /// <summary>Begins a link when the sync proves that its sender has a file that begins it.</summary>
    /// <returns>The answer; null when the link has begun already: then it is a sync like any other.</returns>
    private HubAnswer? Enrol(SyncQuery message, SignatureHeader header, string? boundTo, string query)
    {
        List<ExportRecord> older = [];
        try
        {
            lock (_enrolling)
            {
                return Enrol(message, header, boundTo, query, older);
            }
        }
        finally
        {
            EraseOrLeave(older);
        }
    }

    private HubAnswer? Enrol(SyncQuery message, SignatureHeader header, string? boundTo, string query, List<ExportRecord> older)
    {
        if (_clients.TryGet(message.ClientName, out var known) && known.Courier == message.Enrols && !known.Link.IsRetired)
        {
            // The answer got lost. Whoever imported the file first has the link.
            return known.Instance == message.Instance ? null : Reject(DskeError.InstanceChanged, header.Dialect);
        }

        var files = _exports.List().Where(export => export is { IsComplete: true } && export.Client == message.ClientName && export.Enrols == message.Enrols).ToList();
        if (files.Count == 0 || !IsSignedWith(files, message, header, query))
        {
            return Reject(files.Count == 0 ? DskeError.ClientNotRegistered : DskeError.SignatureInvalid, header.Dialect);
        }

        // The last file names the encryptors as they are by now.
        var client = _clients.TryEnrol(
            message.ClientName, files[^1].Encryptors, message.Instance!.Value, message.Enrols!.Value, link => Hold(link, files), out var error);
        if (client is null)
        {
            return Reject(error!.Value, header.Dialect);
        }

        // Files for links that are no more.
        foreach (var export in _exports.List().Where(export => export is { IsComplete: true } && export.Client == client.Name && export.Enrols != message.Enrols))
        {
            _exports.GiveUp(export);
            older.Add(export);
        }

        return client.ClientOwned.TryTakeToMend(header.SigningKey, MessageMac.KeySize)
            ? Sync(new VerifiedRequest(client, header.Dialect, boundTo), message, isFirst: true)
            : Reject(DskeError.PsrdAlreadyUsed, header.Dialect);
    }

    private void Hold(ClientLink link, IEnumerable<ExportRecord> files)
    {
        foreach (var (owner, block) in files.SelectMany(_exports.Waiting))
        {
            link.Hold(owner, block);
        }
    }

    /// <summary>Whether the message is signed with bytes of these files. Nothing changes.</summary>
    private bool IsSignedWith(IReadOnlyList<ExportRecord> files, SyncQuery message, SignatureHeader header, string query)
    {
        using var pool = new PeerPool(
            _store, new PsrdPoolKey(message.ClientName, PoolOwner.Client), files.SelectMany(file => file.Blocks).Select(block => block.Id).ToHashSet());
        foreach (var (_, block) in files.SelectMany(_exports.Waiting).Where(waiting => waiting.Owner == PoolOwner.Client))
        {
            pool.Hold(block);
        }

        var blocks = files.SelectMany(file => file.Blocks).Select(block => block.Id).ToHashSet();
        foreach (var fragment in header.SigningKey.Fragments)
        {
            if (!blocks.Contains(fragment.BlockId))
            {
                return false;
            }
        }

        Span<byte> key = stackalloc byte[MessageMac.KeySize];
        Span<byte> expected = stackalloc byte[MessageMac.Size];
        try
        {
            if (pool.TryReadHeld(header.SigningKey, key) != PsrdOutcome.Ok)
            {
                return false;
            }

            EnrolmentKey.Derive(key, message.Enrols!.Value, message.Instance!.Value);
            MessageMac.Sign(key, Encoding.UTF8.GetBytes(query), default, expected);
            return CryptographicOperations.FixedTimeEquals(expected, header.Signature);
        }
        finally
        {
            key.Clear();
        }
    }
}
