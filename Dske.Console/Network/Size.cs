using System.Globalization;

namespace Dske.Console.Network;

/// <summary>Amounts of random data as the pages write them.</summary>
public static class Size
{
    private const long Kibi = 1024;

    /// <summary>An amount in a unit that fits: 512 B, 64 KiB, 1.5 MiB.</summary>
    /// <param name="bytes">The bytes, 0 or more.</param>
    public static string Of(long bytes) => bytes switch
    {
        < Kibi => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < Kibi * Kibi => string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / Kibi:0.#} KiB"),
        < Kibi * Kibi * Kibi => string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (Kibi * Kibi):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (Kibi * Kibi * Kibi):0.#} GiB"),
    };
}
