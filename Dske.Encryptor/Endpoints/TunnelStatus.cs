using System.ComponentModel;
using System.Text.Json.Serialization;
using Dske.Encryptor.Tunnels;

namespace Dske.Encryptor.Endpoints;

/// <summary>A tunnel as it is at a moment.</summary>
internal sealed record TunnelStatus
{
    [JsonPropertyName("name")]
    [Description("Its name.")]
    public required string Name { get; init; }

    [JsonPropertyName("listen")]
    [Description("Where this encryptor listens.")]
    public required string Listen { get; init; }

    [JsonPropertyName("peer")]
    [Description("The SAE ID of the peer at whose end it leads on.")]
    public required string Peer { get; init; }

    [JsonPropertyName("target")]
    [Description("Where it leads from there.")]
    public required string Target { get; init; }

    [JsonPropertyName("listening")]
    [Description("Whether it listens. If not, problem says why; it goes on trying.")]
    public required bool Listening { get; init; }

    [JsonPropertyName("open_connections")]
    [Description("Connections that are open.")]
    public required int OpenConnections { get; init; }

    [JsonPropertyName("connections")]
    [Description("Connections so far.")]
    public required long Connections { get; init; }

    [JsonPropertyName("failed_connections")]
    [Description("Those that came to nothing or were broken off.")]
    public required long FailedConnections { get; init; }

    [JsonPropertyName("problem")]
    [Description("What went wrong with the latest connection, or with listening; absent when nothing did.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    public static TunnelStatus Of(Tunnel tunnel) => new()
    {
        Name = tunnel.Settings.Name,
        Listen = tunnel.Settings.Listen.ToString(),
        Peer = tunnel.Settings.Peer.SaeId.Value,
        Target = tunnel.Settings.Target.ToString(),
        Listening = tunnel.IsListening,
        OpenConnections = tunnel.Open,
        Connections = tunnel.Connections,
        FailedConnections = tunnel.Failures,
        Problem = tunnel.Problem,
    };
}
