namespace Dske.Encryptor.Links;

/// <summary>Where an encryptor keeps what links and tunnels it has: section <c>Dske:Storage</c>, as of the other nodes. No key is ever kept.</summary>
internal sealed class EncryptorStorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dske:Storage";

    /// <summary>The directory; made when it is not there. Default: none, and a restart forgets links and tunnels.</summary>
    public string? Directory { get; set; }

    /// <summary>Whether to keep nothing, whatever the directory is. Default: false.</summary>
    public bool InMemory { get; set; }
}
