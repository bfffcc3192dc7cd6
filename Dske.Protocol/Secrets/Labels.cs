namespace Dske.Protocol.Secrets;

/// <summary>
/// The domain-separation labels of everything that is computed from a key, as a tree. A label says what a value is for, so that a
/// value computed for one purpose never passes for another. No two are equal, and none begins another.
/// </summary>
internal static class Labels
{
    /// <summary>Key confirmation: both ends prove that they hold the same key.</summary>
    public static class KeyConfirmation
    {
        /// <summary>The proof of the encryptor that got the key first (master SAE).</summary>
        public const string Initiator = "dske/key-confirmation/v1/initiator";

        /// <summary>The proof of the encryptor that got the key by its ID (slave SAE).</summary>
        public const string Responder = "dske/key-confirmation/v1/responder";
    }

    /// <summary>Secure links between encryptors: what is derived from the key of an epoch.</summary>
    public static class SecureLink
    {
        /// <summary>The key with which both ends confirm an epoch.</summary>
        public const string Confirmation = "dske/secure-link/v1/confirmation";

        /// <summary>What the initiator's streams of an epoch are sealed with.</summary>
        public const string ToResponder = "dske/secure-link/v1/to-responder";

        /// <summary>What the responder's streams of an epoch are sealed with.</summary>
        public const string ToInitiator = "dske/secure-link/v1/to-initiator";

        /// <summary>One direction of one stream.</summary>
        public const string Stream = "dske/secure-link/v1/stream";
    }

    /// <summary>An enrolment token. It begins with its label in clear.</summary>
    public const string EnrolmentToken = "dske1.";

    /// <summary>The key of a couriered file.</summary>
    public const string CourierFile = "dske/courier-file/v1";

    /// <summary>What a hub knows a client's instance by on a link that a couriered file began.</summary>
    public const string CourierInstance = "dske/courier-instance/v1";

    /// <summary>The key of a sync that begins a link with a couriered file.</summary>
    public const string CourierSync = "dske/courier-sync/v1";

    /// <summary>What people compare to see whether two keys are the same.</summary>
    public const string KeyFingerprint = "dske/key-fingerprint/v1";
}
