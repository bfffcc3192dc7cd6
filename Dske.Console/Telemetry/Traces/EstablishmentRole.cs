namespace Dske.Console.Telemetry.Traces;

/// <summary>What a node does in an establishment.</summary>
public enum EstablishmentRole
{
    /// <summary>The encryptor that wants keys.</summary>
    InitiatingEncryptor,

    /// <summary>Its client, which makes them.</summary>
    InitiatingClient,

    /// <summary>A hub.</summary>
    Hub,

    /// <summary>The client that puts them together again.</summary>
    RespondingClient,

    /// <summary>The encryptor that they are shared with.</summary>
    RespondingEncryptor,
}
