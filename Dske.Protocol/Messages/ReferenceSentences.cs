using Dske.Protocol.Errors;

namespace Dske.Protocol.Messages;

/// <summary>
/// How the reference implementation words the errors that its peers can act on. It has no error codes, so these sentences are part of
/// its dialect: a hub says them, a client looks for them.
/// </summary>
internal static class ReferenceSentences
{
    /// <summary>The sentence for an error; our own title where nothing depends on it.</summary>
    public static string Of(DskeError error) => error switch
    {
        DskeError.ClientNotRegistered => "Client is not registered.",
        DskeError.PsrdUnknownBlock => "Invalid PSRD block UUID.",
        DskeError.OutOfPsrd => "Pool is out of Pre-Shared Random Data (PSRD).",
        _ => DskeErrors.GetTitle(error),
    };

    /// <summary>Looks for one of the sentences (details vary) in the body of an error answer.</summary>
    /// <returns>The error, or null when it is none that could be acted on.</returns>
    public static DskeError? Find(ReadOnlySpan<byte> body)
        => body.IndexOf("Client is not registered."u8) >= 0 ? DskeError.ClientNotRegistered
            : body.IndexOf("Invalid PSRD block UUID."u8) >= 0 ? DskeError.PsrdUnknownBlock
            : body.IndexOf("out of Pre-Shared Random Data"u8) >= 0 ? DskeError.OutOfPsrd
            : null;
}
