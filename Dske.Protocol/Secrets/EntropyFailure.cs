namespace Dske.Protocol.Secrets;

/// <summary>Why a raw source of randomness is not to be used any more.</summary>
public enum EntropyFailure
{
    /// <summary>One value came too often in a row (NIST SP 800-90B section 4.4.1).</summary>
    RepetitionCount,

    /// <summary>One value came too often in a window (NIST SP 800-90B section 4.4.2).</summary>
    AdaptiveProportion,

    /// <summary>The source has ended: a file is used up, or whoever wrote to a pipe is gone.</summary>
    EndOfSource,

    /// <summary>The source cannot be opened or read.</summary>
    ReadError,

    /// <summary>The source did not deliver in time.</summary>
    TimedOut,
}
