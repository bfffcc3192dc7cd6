using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>How a hub makes files of PSRD for couriers.</summary>
public sealed partial class HubEngine
{
    /// <summary>The files that wait for their clients, in the order in which they were made.</summary>
    /// <exception cref="IOException">The storage failed.</exception>
    public IReadOnlyList<ExportRecord> GetExports() => [.. _exports.List().Where(export => export.IsComplete)];

    /// <summary>
    /// Makes the blocks of a file, the hub's copies of them, durably. The file enrols the client where there is no link in use, or when it is to begin
    /// anew; otherwise it refills the link.
    /// </summary>
    /// <param name="order">What is wanted.</param>
    /// <param name="error">Why not; null when the result is a file.</param>
    /// <param name="cancellationToken">Ends the making; nothing is left of it.</param>
    /// <returns>The file, to be written and completed; the caller disposes it. Null when refused: then nothing was made.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="order"/> is null.</exception>
    /// <exception cref="IOException">The storage failed; nothing was made.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public CourierExport? BeginExport(CourierOrder order, out DskeError? error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (!TryReadNames(order, out var client, out var encryptors))
        {
            error = DskeError.MalformedMessage;
            return null;
        }

        if (order.Size < CourierBlocks.MinSize || order.Size > _limits.MaxCourierBytes)
        {
            error = DskeError.PsrdSizeOutOfRange;
            return null;
        }

        _exports.EraseLeft();
        _clients.TryGet(client, out var known);
        if (known is { Link.IsNative: false })
        {
            error = DskeError.CourierClientForeign;
            return null;
        }

        var refills = known is { Link: { IsEnrolled: true, WasSetBack: false, IsRetired: false } } && !order.BeginsAnew;
        error = refills ? null : _clients.FindRefusal(client, encryptors);
        if (error is not null)
        {
            return null;
        }

        // Of files that were made before any of them was imported, each may come first.
        var waiting = _exports.List().LastOrDefault(export => export.Client == client && export.Enrols is not null)?.Enrols;
        var record = new ExportRecord(
            _entropy.NextUuid(),
            client,
            refills ? null : order.BeginsAnew ? _entropy.NextUuid() : waiting ?? _entropy.NextUuid(),
            refills ? known!.Instance : null,
            refills ? [] : encryptors,
            DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds()),
            IsComplete: false,
            CourierBlocks.Divide(order.Size, _entropy));
        error = _exports.TryBegin(record, refills ? CountUnused(known!) : default, _limits);
        return error is null ? Make(record, out error, cancellationToken) : null;
    }

    /// <summary>Erases the hub's copies of a file that waits: what the client may have of it is of no use then. Of gigabytes it takes long.</summary>
    /// <param name="file">The file.</param>
    /// <returns>What was abandoned; null when there is no such file that waits: it may be in use by now.</returns>
    /// <exception cref="IOException">The storage failed; to be repeated.</exception>
    public ExportRecord? AbandonExport(Guid file)
    {
        ExportRecord? export;
        lock (_enrolling)
        {
            // Not while a sync takes the file into use.
            export = _exports.Find(file);
            if (export is null || !TryGiveUp(export))
            {
                return null;
            }
        }

        _exports.Erase(export);

        // Whoever asks for it is to be told when nothing is left.
        _exports.EraseRemoved();
        return export;
    }

    /// <summary>What a client has to know before it syncs where it cannot register. Signed by nobody.</summary>
    /// <param name="query">The raw query, without '?'.</param>
    /// <returns>The answer; null when the query cannot be read.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    public LinkTurn? GetTurn(string query)
    {
        if (!LinkTurnQuery.TryParse(query, out var asked))
        {
            return null;
        }

        Guid? turn = null;
        if (_clients.TryGet(asked.ClientName, out var client) && client.Link.IsNative)
        {
            lock (client.Link.Gate)
            {
                turn = client.Link.Turn;
            }
        }

        bool? awaits = asked.File is { } file ? _exports.Find(file) is { IsComplete: true } export && export.Client == asked.ClientName : null;
        return new LinkTurn { HubInstance = Instance, Turn = turn, AwaitsFile = awaits };
    }

    private CourierExport? Make(ExportRecord record, out DskeError? error, CancellationToken cancellationToken)
    {
        error = null;
        var isMade = false;
        try
        {
            var blocks = record.Blocks.Select(block => _store.Add(
                new PsrdPoolKey(record.Client, block.Owner),
                block.Id,
                block.Size,
                (_, destination) =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    _entropy.Fill(destination);
                },
                confirmed: false)).ToList();
            var manifest = new CourierManifest
            {
                Hub = Name.Value,
                HubInstance = Instance,
                Client = record.Client.Value,
                ClientInstance = record.Instance,
                Enrols = record.Enrols,
                Network = NetworkHash,
                Encryptors = [.. record.Encryptors.Select(encryptor => encryptor.Value)],
                MadeAt = record.MadeAt,
                Blocks = [.. record.Blocks.Select(block => new CourierBlock { Owner = block.Owner, Id = block.Id, Size = block.Size })],
            };
            isMade = true;
            return new CourierExport(this, record, manifest, blocks);
        }
        catch (EntropyException)
        {
            error = DskeError.EntropyUnavailable;
            return null;
        }
        finally
        {
            if (!isMade)
            {
                _exports.Erase(record);
            }
        }
    }

    /// <summary>At the start: what waits for clients that are known goes where their syncs find it.</summary>
    private void HoldExports()
    {
        foreach (var export in _exports.List())
        {
            // Files that enrol wait by themselves, unless their link has begun already with another one.
            if (_clients.TryGet(export.Client, out var client)
                && (export.Enrols is { } link ? client.Courier == link : client.Instance == export.Instance))
            {
                foreach (var (owner, block) in _exports.Waiting(export))
                {
                    client.Link.Hold(owner, block);
                }
            }
        }
    }

    private static bool TryReadNames(CourierOrder order, out NodeName client, out List<SaeId> encryptors)
    {
        encryptors = [];
        if (!NodeName.TryParse(order.ClientName, out client) || order.Encryptors.Count > RegistrationRequest.MaxEncryptors)
        {
            return false;
        }

        foreach (var name in order.Encryptors)
        {
            if (!SaeId.TryParse(name, out var sae) || encryptors.Contains(sae))
            {
                return false;
            }

            encryptors.Add(sae);
        }

        return true;
    }

    private static (long Bytes, int Blocks) CountUnused(RegisteredClient client)
    {
        var pools = new[] { client.HubOwned.GetStatus(), client.ClientOwned.GetStatus() }.Select(pool => pool.Where(block => !block.IsCouriered).ToList()).ToList();
        return (pools.Max(pool => pool.Sum(block => block.UnusedBytes)), pools.Max(pool => pool.Count));
    }
}
