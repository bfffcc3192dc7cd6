using Dske.Protocol.Courier;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Hubs;

/// <summary>
/// A file for a courier that is being made: its blocks are in storage. Unless <see cref="Complete"/> was called, disposing it erases them: nobody can
/// have the whole file then.
/// </summary>
public sealed class CourierExport : IDisposable
{
    private readonly HubEngine _hub;
    private readonly Dictionary<Guid, IPsrdBlock> _blocks;
    private bool _isOver;

    internal CourierExport(HubEngine hub, ExportRecord record, CourierManifest manifest, IEnumerable<IPsrdBlock> blocks)
    {
        (_hub, Record, Manifest) = (hub, record, manifest);
        _blocks = blocks.ToDictionary(block => block.Id);
    }

    /// <summary>The file's UUID.</summary>
    public Guid File => Record.File;

    /// <summary>What the file says.</summary>
    public CourierManifest Manifest { get; }

    internal ExportRecord Record { get; }

    /// <summary>Reads a piece of a block.</summary>
    /// <param name="block">The block, one of <see cref="Manifest"/>.</param>
    /// <param name="offset">Where the piece begins, in bytes.</param>
    /// <param name="destination">The piece; zeroing it stays the caller's duty.</param>
    /// <exception cref="ArgumentNullException"><paramref name="block"/> is null.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public void Read(CourierBlock block, long offset, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(block);
        _blocks[block.Id].Peek(offset, destination);
    }

    /// <summary>
    /// Says, durably, that the file waits for its client. To be called before the last part of it is handed out: whoever has the whole file can rely
    /// on the hub then.
    /// </summary>
    /// <exception cref="IOException">The storage failed, or the client's link has begun anew meanwhile: the file is worth nothing.</exception>
    public void Complete()
    {
        _hub.Complete(this, _blocks.Values);
        _isOver = true;
    }

    /// <summary>Erases the blocks of a file that was not completed. Harmless when repeated.</summary>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            _hub.Abandon(this);
        }
    }
}
