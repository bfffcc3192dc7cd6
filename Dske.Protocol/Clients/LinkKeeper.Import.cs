using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Messages;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Clients;

/// <summary>How a client takes in what a courier brought.</summary>
internal sealed partial class LinkKeeper
{
    /// <summary>Looks whether a file may be imported, as far as can be told before all of it was read.</summary>
    /// <returns>Why not.</returns>
    public async Task<DskeError?> CheckImportAsync(CourierReader reader, CancellationToken cancellationToken)
    {
        if (CheckManifest(reader.Manifest) is { } error)
        {
            return error;
        }

        // What the hub says is signed by nobody. A forged "no" keeps a file from being imported now. A forged "yes" lets a client that has lost its disk
        // read a file again whose link has begun, and so does an honest one as long as no sync of it has arrived: then the first sync of another instance
        // names the same 32 bytes, but signs under another key (EnrolmentKey). No share is encrypted before the hub has taken a sync, which it does for one
        // instance alone.
        var answer = await AskTurnAsync(reader.Header.File, cancellationToken).ConfigureAwait(false);
        return answer is null ? DskeError.CourierHubUnreachable
            : answer.HubInstance != reader.Manifest.HubInstance ? DskeError.CourierHubInstance
            : answer.AwaitsFile != true ? DskeError.CourierFileNotAwaited
            : null;
    }

    /// <summary>Takes in the blocks of a file that was checked to its end.</summary>
    /// <returns>Why not; then nothing changed.</returns>
    public async Task<DskeError?> ImportAsync(CourierReader reader, CancellationToken cancellationToken)
    {
        var manifest = reader.Manifest;
        var blocks = manifest.Blocks.Select(block => new CourieredBlock(block.Owner, block.Id, block.Size)).ToList();
        imports.TakeBackIfInterrupted(reader.Header.File);
        var import = new ImportRecord(
            reader.Header.File, link.Hub, DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()), IsComplete: false, blocks);
        var counts = false;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // From here on nothing of these names is fetched: between a look and a note of them, the hub could hand one out over the route.
            if (blocks.Exists(block => store.Knows(new PsrdPoolKey(link.Hub, block.Owner), block.Id)))
            {
                return DskeError.CourierFileImported;
            }

            imports.Begin(import);
        }
        finally
        {
            _gate.Release();
        }

        try
        {
            var added = blocks.ConvertAll(block => (block.Owner, Block: store.Add(
                new PsrdPoolKey(link.Hub, block.Owner), block.Id, block.Size, (_, destination) => Read(reader, destination, cancellationToken), confirmed: false)));
            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (CheckManifest(manifest) is { } error)
                {
                    return error;
                }

                Count(import, manifest, added, ref counts);
                return null;
            }
            finally
            {
                _gate.Release();
            }
        }
        finally
        {
            if (!counts)
            {
                imports.TakeBack(import);
            }
        }
    }

    private static void Read(CourierReader reader, Span<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (reader.TryRead(destination) is not null)
        {
            throw new IOException("The couriered file has changed while it was read.");
        }
    }

    private void Count(ImportRecord import, CourierManifest manifest, IReadOnlyList<(PoolOwner Owner, IPsrdBlock Block)> added, ref bool counts)
    {
        if (Replaces(manifest))
        {
            var record = new LinkRecord(link.Hub, manifest.HubInstance, WasNative: true, Enrolled: false, manifest.Enrols);
            imports.Complete(import, record);
            counts = true;
            _record = record;
            _isEnrolled = false;
            BeginCouriered();
        }
        else
        {
            imports.Complete(import, link: null);
            counts = true;
            foreach (var (owner, block) in added)
            {
                link.Session?.Hold(owner, block);
            }
        }

        _syncOwed = true;
        link.WantSync();
    }

    /// <summary>
    /// Puts the link that a file begins in the place of the one that there was. The file counts by now, so that storage that fails is no failure of the
    /// import: the next round opens the link, and erases what is left of the other one.
    /// </summary>
    private void BeginCouriered()
    {
        var old = link.Session;
        link.Close();
        try
        {
            try
            {
                old?.ClientOwned.Clear();
            }
            finally
            {
                old?.HubOwned.Clear();
            }

            OpenCouriered();
        }
        catch (IOException fault)
        {
            metrics.ReportFault(link.Hub.Value, fault);
        }
    }

    /// <summary>Whether a file begins a link in the place of the one that there is.</summary>
    private bool Replaces(CourierManifest manifest) => manifest.Enrols is not null && _record?.Courier != manifest.Enrols;

    private DskeError? CheckManifest(CourierManifest manifest)
    {
        if (manifest.Network != networkHash)
        {
            return DskeError.CourierNetworkDiffers;
        }

        if (manifest.Enrols is null && manifest.ClientInstance != (_record?.Courier is { } courier ? InstanceFor(courier) : state.Instance))
        {
            return DskeError.CourierClientInstance;
        }

        if (manifest.Enrols is not null && !link.IsCouriered)
        {
            return DskeError.CourierNotWanted;
        }

        if (manifest.Enrols is not null && registration.EncryptorNames.Except(manifest.Encryptors, StringComparer.Ordinal).Any())
        {
            return DskeError.CourierEncryptorsDiffer;
        }

        if (!Replaces(manifest) && _record?.HubInstance != manifest.HubInstance)
        {
            return _record?.HubInstance is null ? DskeError.CourierClientInstance : DskeError.CourierHubInstance;
        }

        if (manifest.Enrols is null && !_record!.Enrolled)
        {
            return DskeError.CourierClientInstance;
        }

        var most = Math.Max(
            (link.Session?.ClientOwned.BlockCount ?? 0) + manifest.Blocks.Count(block => block.Owner == PoolOwner.Client),
            (link.Session?.HubOwned.BlockCount ?? 0) + manifest.Blocks.Count(block => block.Owner == PoolOwner.Hub));
        return most > SyncQuery.MaxBlocks && !Replaces(manifest) ? DskeError.PsrdLimitReached : null;
    }
}
