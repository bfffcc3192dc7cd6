namespace Dske.Protocol.Psrd;

/// <summary>
/// The last blocks that a pool used up or gave up: bytes of one that is named again were used rather than never heard of. Anybody can name
/// blocks, so that asking storage each time would cost too much.
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
