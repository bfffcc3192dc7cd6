namespace Dske.Protocol.SecureLinks;

/// <summary>How a secure link protects what goes over it. The values are those of the hello.</summary>
public enum LinkCipher
{
    /// <summary>AES-256 in Galois/counter mode (NIST SP 800-38D), a key for each direction of each stream.</summary>
    Aes256Gcm = 1,

    /// <summary>XOR with key bytes that are used once, and Poly1305 (RFC 8439 section 2.5) keyed with 32 more of them for each record.</summary>
    OneTimePad = 2,
}
