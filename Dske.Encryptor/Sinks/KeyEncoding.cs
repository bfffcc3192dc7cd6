namespace Dske.Encryptor.Sinks;

/// <summary>How the bytes of a key become what equipment reads.</summary>
internal enum KeyEncoding
{
    /// <summary>Base64, padded (RFC 4648 section 4).</summary>
    Base64,

    /// <summary>Two digits for each byte, in lower case (RFC 4648 section 8).</summary>
    Hex,

    /// <summary>As they are.</summary>
    Raw,
}
