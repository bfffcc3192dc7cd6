namespace Dske.Protocol;

/// <summary>How long a key, and so a share, may be.</summary>
public static class KeySizes
{
    /// <summary>The shortest key, in bytes: the digest inside the sharing takes four (32 bits).</summary>
    public const int MinBytes = 4;

    /// <summary>The longest key, in bytes (16,777,216 bits).</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>The default key, in bytes (256 bits).</summary>
    public const int DefaultBytes = 32;

    /// <summary>The most key material of one request, in bytes (16 MiB).</summary>
    public const int MaxBytesPerRequest = 16 * 1024 * 1024;
}
