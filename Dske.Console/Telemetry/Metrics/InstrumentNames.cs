namespace Dske.Console.Telemetry.Metrics;

/// <summary>The instruments and attributes of our nodes that the metrics page is made of.</summary>
internal static class InstrumentNames
{
    /// <summary>What is kept begins with this; the numbers of frameworks and runtimes are many and nobody looks at them here.</summary>
    public const string Prefix = "dske.";

    public const string ClientKeys = "dske.client.keys";
    public const string ClientKeyDuration = "dske.client.key.duration";
    public const string ClientPsrd = "dske.client.psrd.available";
    public const string KeysEstablished = "dske.encryptor.keys.established";
    public const string KeysFailed = "dske.encryptor.keys.failed";
    public const string ExchangeDuration = "dske.encryptor.exchange.duration";
    public const string HubPsrd = "dske.hub.psrd.available";
    public const string HubRejected = "dske.hub.rejected";
    public const string HubShares = "dske.hub.shares";
    public const string ConnectionsRefused = "dske.connections.refused";

    public const string Client = "dske.client";
    public const string Hub = "dske.hub";
    public const string Owner = "dske.owner";
    public const string Outcome = "dske.outcome";
    public const string Reason = "dske.reason";
    public const string Role = "dske.role";
    public const string ErrorType = "error.type";
}
