namespace Dske.Encryptor.Configuration;

/// <summary>An encryptor that this one establishes keys with, section <c>Dske:Encryptor:Peers:{index}</c>.</summary>
internal sealed class PeerOptions
{
    /// <summary>The peer's SAE ID. Required, unique, not this encryptor's own.</summary>
    public string? SaeId { get; set; }

    /// <summary>The peer's URL. Default: <c>http://{SaeId}</c>, if the SAE ID is a DNS label; else required.</summary>
    public string? Url { get; set; }
}
