using Dske.Protocol.KeyDelivery;

namespace Dske.Cli.Keys;

/// <summary>What a KME that gives no keys means for a command.</summary>
internal static class KeyFailure
{
    /// <summary>What was given.</summary>
    /// <typeparam name="T">What was asked for.</typeparam>
    /// <param name="result">What became of the call.</param>
    /// <param name="kme">The KME.</param>
    /// <param name="address">Where it was looked for.</param>
    /// <exception cref="CommandFailure">Nothing was.</exception>
    public static T OrFail<T>(this KeyDeliveryResult<T> result, Kme kme, Uri address)
        where T : class
    {
        if (result.Succeeded)
        {
            return result.Value;
        }

        var says = result.Message is null ? string.Empty : $" It says: {result.Message}";
        throw result.Outcome switch
        {
            KeyDeliveryOutcome.Unreachable => new CommandFailure(
                ExitCode.Unreachable,
                $"{kme.Name} cannot be reached at {address.GetLeftPart(UriPartial.Authority)}: it does not run, one end speaks TLS and the other does not, or one end does not trust the other's certificate."),
            KeyDeliveryOutcome.TimedOut => new CommandFailure(ExitCode.TimedOut, $"{kme.Name} has not answered in time."),
            KeyDeliveryOutcome.BadRequest => new CommandFailure(ExitCode.Failed, $"{kme.Name} refuses the request.{says}"),
            KeyDeliveryOutcome.Unauthorized => new CommandFailure(ExitCode.Failed, $"{kme.Name} does not let '{kme.Sae}' have these keys.{says}"),
            KeyDeliveryOutcome.Unavailable => new CommandFailure(ExitCode.Failed, $"{kme.Name} cannot deliver keys right now.{says}"),
            _ => new CommandFailure(ExitCode.Failed, $"{kme.Name} gives an answer that is not key delivery.{says}"),
        };
    }
}
