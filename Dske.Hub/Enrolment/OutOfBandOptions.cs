using Dske.Protocol.Enrolment;

namespace Dske.Hub.Enrolment;

/// <summary>Whom the hub serves on its out-of-band routes, section <c>Dske:Hub:OutOfBand</c>.</summary>
internal sealed class OutOfBandOptions
{
    /// <summary>
    /// <c>token</c> (default): whoever shows an enrolment token of this hub. <c>open</c>: whoever asks. <c>off</c>: nobody. See
    /// <see cref="OutOfBandMode"/>.
    /// </summary>
    public string? Mode { get; set; }

    /// <summary>
    /// The file with the hub's enrolment key: 64 hexadecimal digits, and nobody but the file's owner may look into it. Needed where
    /// <see cref="Mode"/> is <c>token</c>. No default.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>Reads <see cref="Mode"/>: one of the names, in any case.</summary>
    /// <returns>False for anything else, numbers included.</returns>
    public bool TryGetMode(out OutOfBandMode mode)
    {
        mode = OutOfBandMode.Token;
        if (Mode is null)
        {
            return true;
        }

        foreach (var known in Enum.GetValues<OutOfBandMode>())
        {
            if (string.Equals(Mode, known.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                mode = known;
                return true;
            }
        }

        return false;
    }
}
