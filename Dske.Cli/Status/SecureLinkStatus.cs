namespace Dske.Cli.Status;

/// <summary>One secure link of an encryptor, as it reports it. More that it says is skipped.</summary>
/// <param name="Peer">The SAE ID of the encryptor at the other end.</param>
/// <param name="State">connecting, up, stale or stopped.</param>
/// <param name="Reason">Why it is not up; null when it is.</param>
/// <param name="Cipher">How it is sealed; null before that is known.</param>
/// <param name="Epoch">The number of the keys in use; 0 for none.</param>
/// <param name="RollOvers">How often fresh keys came.</param>
/// <param name="Failures">How often they did not.</param>
/// <param name="SentBytes">What was sent over it.</param>
/// <param name="ReceivedBytes">What was received.</param>
/// <param name="NextRollOverSeconds">How long until fresh keys are due; null where the other end decides.</param>
internal sealed record SecureLinkStatus(
    string Peer,
    string State,
    long Epoch,
    long RollOvers,
    long Failures,
    long SentBytes,
    long ReceivedBytes,
    string? Reason = null,
    string? Cipher = null,
    double? NextRollOverSeconds = null)
{
    /// <summary>Whether both ends hold keys that are in order.</summary>
    public bool IsUp => State == "up";
}
