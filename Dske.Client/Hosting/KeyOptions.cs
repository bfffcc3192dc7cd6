using Dske.Protocol;

namespace Dske.Client.Hosting;

/// <summary>Which keys encryptors may ask for, <c>Dske:Client:Keys</c>. Sizes are in bits and multiples of 8.</summary>
internal sealed class KeyOptions
{
    /// <summary>The size when none is asked for. Default 256.</summary>
    public int DefaultSize { get; set; } = 256;

    /// <summary>
    /// The smallest size, 32 to <see cref="DefaultSize"/>. Default 128: below that, threshold-1 hubs together could find a key by trying
    /// all of them against the 32-bit check inside the shares. The node warns of it when it starts.
    /// </summary>
    public int MinSize { get; set; } = 128;

    /// <summary>The largest size, up to 16,777,216. Default 16,777,216.</summary>
    public int MaxSize { get; set; } = 16_777_216;

    /// <summary>The most keys in one request: 1 to 1,024. Default 128.</summary>
    public int MaxPerRequest { get; set; } = 128;

    /// <summary>The most key material in one request, in bytes: 2,097,152 to 16,777,216. Default 16,777,216.</summary>
    public int MaxBytesPerRequest { get; set; } = KeySizes.MaxBytesPerRequest;

    /// <summary>Whether an encryptor may make keys with itself, as tools do that have one certificate for both ends. Default false.</summary>
    public bool AllowSelf { get; set; }
}
