namespace Dske.ServiceDefaults.Entropy;

/// <summary>Where a hub or a client takes its randomness from. Bound to the configuration section <c>Dske:Entropy</c>.</summary>
public sealed class EntropyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dske:Entropy";

    /// <summary>
    /// A device, a named pipe or a file whose bytes are mixed with those of the operating system's generator: an absolute path. Default:
    /// null, the operating system's generator alone.
    /// </summary>
    public string? Source { get; set; }

    /// <summary>
    /// The min-entropy that the source is claimed to have, in bits per byte: 0.1 to 8. The health tests go by it: a lower claim makes them
    /// slower to notice a fault, a higher one makes them stop a sound source sooner or later. Default 4.
    /// </summary>
    public double MinEntropyPerByte { get; set; } = 4;

    /// <summary>How long the source may take for 1,024 bytes; the first time, opening included. 100 ms to 1 min. Default 5 s.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Opens <see cref="Source"/>. May block: a named pipe does until somebody writes to it.</summary>
    /// <returns>A stream that buffers nothing, which the caller disposes.</returns>
    /// <exception cref="InvalidOperationException">There is no <see cref="Source"/>.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a directory.</exception>
    public Stream OpenSource() => new FileStream(
        Source ?? throw new InvalidOperationException($"There is no {Section}:{nameof(Source)}."),
        new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite, BufferSize = 0 });
}
