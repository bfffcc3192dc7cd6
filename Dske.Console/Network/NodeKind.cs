namespace Dske.Console.Network;

/// <summary>What a node is.</summary>
public enum NodeKind
{
    /// <summary>A hub.</summary>
    Hub,

    /// <summary>A client, in the terms of ETSI GS QKD 014 a KME.</summary>
    Client,

    /// <summary>An encryptor, in the terms of ETSI GS QKD 014 an SAE.</summary>
    Encryptor,
}
