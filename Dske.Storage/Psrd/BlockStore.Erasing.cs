using System.Runtime.ExceptionServices;
using Dske.Protocol.Psrd;

namespace Dske.Storage.Psrd;

/// <summary>Blocks that were removed and of which much is left: to overwrite it takes long, and whoever removes a block may hold locks.</summary>
internal sealed partial class BlockStore
{
    /// <summary>What is erased at once, as a lease would; a larger rest is left to <see cref="EraseRemoved"/>.</summary>
    internal const int ErasedAtOnce = WindowGrid.MaxWindow;

    /// <summary>Held while removed blocks are erased: each by one caller. Before the lock on <see cref="_removed"/>.</summary>
    private readonly Lock _erasing = new();

    /// <summary>Given up, durably, and on no other list; guarded by a lock on itself.</summary>
    private readonly List<StoredBlock> _removed = [];

    private readonly int _erasedAtOnce;
    private volatile bool _isClosing;

    /// <inheritdoc />
    public void EraseRemoved(CancellationToken cancellationToken)
    {
        IOException? first = null;
        lock (_erasing)
        {
            foreach (var block in Removed())
            {
                try
                {
                    if (!block.TryFinish(() => _isClosing || cancellationToken.IsCancellationRequested))
                    {
                        break;
                    }

                    lock (_removed)
                    {
                        _removed.Remove(block);
                    }
                }
                catch (IOException fault)
                {
                    // One block does not keep the others here.
                    first ??= fault;
                }
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private List<StoredBlock> Removed()
    {
        lock (_removed)
        {
            return [.. _removed];
        }
    }

    /// <summary>Finishes a block that was given up, if that is quickly done.</summary>
    private void FinishOrLeave(StoredBlock block)
    {
        if (block.LeftToErase <= _erasedAtOnce)
        {
            block.TryFinish(static () => false);
            return;
        }

        lock (_removed)
        {
            _removed.Add(block);
        }
    }

    /// <summary>Has whoever erases stop soon, and waits for that. What is left the next opening finds.</summary>
    private void StopErasing()
    {
        _isClosing = true;
        lock (_erasing)
        {
            Removed().ForEach(block => block.Dispose());
        }
    }
}
