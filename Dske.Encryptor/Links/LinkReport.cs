using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Links;

/// <summary>What can be said about a link at a moment besides what it says itself.</summary>
internal static class LinkReport
{
    /// <summary>How long until fresh keys are due, in seconds; null when that is not this end's to say.</summary>
    public static double? UntilRollOver(Link link, TimeProvider time) =>
        link.Session is { Role: LinkRole.Initiator, Cipher: LinkCipher.Aes256Gcm } session && link.Settings is { } settings
            ? Math.Max(0, (settings.RollOver - time.GetElapsedTime(session.EpochAt)).TotalSeconds)
            : null;
}
