namespace Dske.Protocol.Psrd;

/// <summary>What became of an attempt to allocate or to take PSRD. Everything but <see cref="Ok"/> changed nothing, unless said otherwise.</summary>
public enum PsrdOutcome
{
    /// <summary>Done.</summary>
    Ok,

    /// <summary>The pool has fewer unused bytes than asked for.</summary>
    OutOfPsrd,

    /// <summary>The blocks left are so small that the allocation would need more fragments than a message may hold.</summary>
    TooFragmented,

    /// <summary>The allocation has no fragments, too many of them, or another total than its purpose demands.</summary>
    WrongSize,

    /// <summary>A fragment names a block that is not in this pool.</summary>
    UnknownBlock,

    /// <summary>A fragment is empty or reaches beyond its block.</summary>
    OutOfRange,

    /// <summary>A byte of the allocation was used before, is named twice, or is gone from this end.</summary>
    AlreadyUsed,

    /// <summary>The allocation lies further ahead of what was used so far than <see cref="PeerPool.MaxJump"/> allows.</summary>
    JumpTooFar,
}
