using System.Security.Cryptography;

namespace Dske.Certificates;

/// <summary>What the key of a certificate is for (RFC 5280 section 4.2.1.12).</summary>
internal static class KeyPurpose
{
    public static Oid Server => new("1.3.6.1.5.5.7.3.1");

    public static Oid Client => new("1.3.6.1.5.5.7.3.2");
}
