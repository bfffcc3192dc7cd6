namespace Dske.Protocol.Psrd;

/// <summary>
/// The last blocks that a pool used up: one that is brought again must not come to life again, and bytes of one that is named again
/// were used rather than never heard of.
/// </summary>
/// <remarks>Not safe for concurrent use: guarded by its pool's lock.</remarks>
internal sealed class UsedUpBlocks
{
    private const int Remembered = 64;

    private readonly Queue<Guid> _blocks = new();

    public bool Contains(Guid id) => _blocks.Contains(id);

    public void Remember(Guid id)
    {
        _blocks.Enqueue(id);
        if (_blocks.Count > Remembered)
        {
            _blocks.Dequeue();
        }
    }

    public void Clear() => _blocks.Clear();
}
