namespace Dske.Console.Telemetry.Traces;

/// <summary>What one node asks of another while keys are established.</summary>
public enum EstablishmentStepKind
{
    /// <summary>The initiating encryptor asks its client to make keys.</summary>
    MakeKeys,

    /// <summary>A client hands a hub its shares.</summary>
    Relay,

    /// <summary>The initiating encryptor tells the other one of the keys.</summary>
    Offer,

    /// <summary>The responding encryptor asks its client for the keys.</summary>
    FetchKeys,

    /// <summary>A client fetches a hub's shares.</summary>
    Collect,
}
