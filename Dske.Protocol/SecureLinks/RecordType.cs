namespace Dske.Protocol.SecureLinks;

/// <summary>What a record is. The values are those on the wire.</summary>
public enum RecordType
{
    /// <summary>The first record of the opener, and of nobody else: what the stream is for (<see cref="StreamTarget"/>).</summary>
    Open = 1,

    /// <summary>Bytes of the stream.</summary>
    Data = 2,

    /// <summary>The sender has sent its last byte. A stream that ends without it was broken off.</summary>
    Fin = 3,

    /// <summary>The sender goes on under the epoch that the record names (8 bytes). AES-256-GCM only.</summary>
    KeyUpdate = 4,

    /// <summary>The accepter does not serve the stream; one byte says why (<see cref="StreamRefusal"/>).</summary>
    Refused = 5,
}
