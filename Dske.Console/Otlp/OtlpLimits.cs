namespace Dske.Console.Otlp;

/// <summary>How much the console takes at a time.</summary>
internal static class OtlpLimits
{
    /// <summary>The largest message, in bytes, after decompression.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>The most parts of a message, of any depth: ten times what a node sends at once. Two bytes of a message can become hundreds in memory.</summary>
    public const int MaxParts = 150_000;

    /// <summary>How deep parts may be nested.</summary>
    public const int MaxDepth = 16;

    /// <summary>How many messages are read at the same time.</summary>
    public const int MaxConcurrent = 4;

    /// <summary>How many more wait for their turn; beyond that the sender is told to come again.</summary>
    public const int MaxWaiting = 512;
}
