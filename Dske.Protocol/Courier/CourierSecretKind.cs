namespace Dske.Protocol.Courier;

/// <summary>What a couriered file is sealed with.</summary>
public enum CourierSecretKind
{
    /// <summary>A passphrase, from which Argon2id makes the key: slow on purpose, since people choose passphrases.</summary>
    Passphrase = 1,

    /// <summary>A key file of random bytes, from which HKDF makes the key.</summary>
    KeyFile = 2,
}
