using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>How files for couriers come to wait for their clients, and how they are given up.</summary>
public sealed partial class HubEngine
{
    /// <summary>The file is about to be whole: its blocks wait for the client from here on.</summary>
    internal void Complete(CourierExport export, IEnumerable<IPsrdBlock> blocks)
    {
        var record = export.Record;
        List<ExportRecord> older;
        lock (_enrolling)
        {
            older = GiveUpOlder(record);

            // Of a file that enrols, the link may have begun meanwhile with an earlier one; otherwise it waits by itself.
            _exports.Complete(record);
            _clients.TryGet(record.Client, out var client);
            if (record.Enrols is null || client?.Courier == record.Enrols)
            {
                Hold(record, client, blocks);
            }
        }

        EraseOrLeave(older);
    }

    private static void Hold(ExportRecord record, RegisteredClient? client, IEnumerable<IPsrdBlock> blocks)
    {
        var owners = record.Blocks.ToDictionary(block => block.Id, block => block.Owner);
        if (client is null
            || (record.Enrols is null && client.Instance != record.Instance)
            || !blocks.All(block => client.Link.Hold(owners[block.Id], block)))
        {
            throw BegunAnew(record);
        }
    }

    private static IOException BegunAnew(ExportRecord record) => new($"The link with client {record.Client} has begun anew while a file for it was made.");

    /// <summary>
    /// A file begins another link than those that were made before it and did not begin theirs yet: nobody waits for them any more, lest an older one
    /// takes the place of a newer one.
    /// </summary>
    private List<ExportRecord> GiveUpOlder(ExportRecord record)
    {
        if (record.Enrols is null)
        {
            return [];
        }

        _clients.TryGet(record.Client, out var client);
        var all = _exports.List().ToList();
        var own = all.FindIndex(other => other.File == record.File);
        if (all.FindLastIndex(IsOther) > own)
        {
            throw BegunAnew(record);
        }

        return all.FindAll(other => IsOther(other) && TryGiveUp(other));

        bool IsOther(ExportRecord other)
            => other is { IsComplete: true, Enrols: { } link } && other.Client == record.Client && link != record.Enrols && link != client?.Courier;
    }

    /// <summary>The file was not handed out: nothing of it counts.</summary>
    internal void Abandon(CourierExport export)
    {
        try
        {
            TryGiveUp(export.Record);
            _exports.Erase(export.Record);
        }
        catch (IOException fault)
        {
            // What is left goes when the next file is made, or at the next start.
            HubDiagnostics.ReportFault(Name.Value, fault);
        }
    }

    /// <summary>Takes a file off all lists, unless it is in use. Its blocks are still to be erased, which takes long: under no lock.</summary>
    private bool TryGiveUp(ExportRecord export)
    {
        if (!_clients.TryGet(export.Client, out var client))
        {
            _exports.GiveUp(export);
            return true;
        }

        lock (client.Link.Gate)
        {
            if (_exports.IsInUse(export))
            {
                return false;
            }

            _exports.GiveUp(export);
            client.Link.ReleaseHeld(export.Blocks.Select(block => block.Id).ToHashSet());
            return true;
        }
    }

    private void EraseOrLeave(IEnumerable<ExportRecord> exports)
    {
        foreach (var export in exports)
        {
            try
            {
                _exports.Erase(export);
            }
            catch (IOException fault)
            {
                HubDiagnostics.ReportFault(Name.Value, fault);
            }
        }
    }
}
