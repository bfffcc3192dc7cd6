using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dske.Benchmarks.Tunnels;

/// <summary>What was measured.</summary>
/// <param name="Cipher">How the tunnel was sealed.</param>
/// <param name="RelayMbit">Through the plain relay, 10^6 bits a second.</param>
/// <param name="TunnelMbit">Through the tunnel.</param>
/// <param name="RelayLatency">There and back through the relay, the median, in milliseconds.</param>
/// <param name="TunnelLatency">The same through the tunnel.</param>
/// <param name="RollOvers">How often keys changed while it was sent.</param>
/// <param name="RelayStall">The longest time between two reads at the receiver, through the relay, in milliseconds.</param>
/// <param name="TunnelStall">The same through the tunnel.</param>
/// <param name="PacedMbit">How much was sent when the sender did not send all it could; null when that was not measured.</param>
/// <param name="PacedRelayStall">The longest time between two reads at the receiver then, through the relay, in milliseconds.</param>
/// <param name="PacedTunnelStall">The same through the tunnel.</param>
/// <param name="PacedRelayTypical">The median of what that time was in each second, through the relay: whatever comes with each roll-over shows in it.</param>
/// <param name="PacedTunnelTypical">The same through the tunnel.</param>
internal sealed record TunnelReport(
    [property: JsonPropertyName("cipher")] string Cipher,
    [property: JsonPropertyName("relay_mbit_per_second")] double RelayMbit,
    [property: JsonPropertyName("tunnel_mbit_per_second")] double TunnelMbit,
    [property: JsonPropertyName("relay_latency_ms_p50")] double RelayLatency,
    [property: JsonPropertyName("tunnel_latency_ms_p50")] double TunnelLatency,
    [property: JsonPropertyName("roll_overs")] long RollOvers,
    [property: JsonPropertyName("relay_longest_stall_ms")] double RelayStall,
    [property: JsonPropertyName("tunnel_longest_stall_ms")] double TunnelStall,
    [property: JsonPropertyName("paced_mbit_per_second")] double? PacedMbit = null,
    [property: JsonPropertyName("relay_longest_stall_ms_paced")] double? PacedRelayStall = null,
    [property: JsonPropertyName("tunnel_longest_stall_ms_paced")] double? PacedTunnelStall = null,
    [property: JsonPropertyName("relay_stall_ms_paced_p50")] double? PacedRelayTypical = null,
    [property: JsonPropertyName("tunnel_stall_ms_paced_p50")] double? PacedTunnelTypical = null)
{
    /// <summary>What the tunnel adds to the median, in milliseconds.</summary>
    [JsonPropertyName("added_latency_ms_p50")]
    public double AddedLatency => Math.Round(TunnelLatency - RelayLatency, 3);

    public string ToJson() => JsonSerializer.Serialize(this, TunnelReportJson.Default.TunnelReport);

    public string ToTable() => string.Create(CultureInfo.InvariantCulture, $"""
        {Cipher,-16} {"Mbit/s",10} {"p50 ms",10} {"stall ms",10}
        {"relay",-16} {RelayMbit,10:F0} {RelayLatency,10:F3} {RelayStall,10:F1}
        {"tunnel",-16} {TunnelMbit,10:F0} {TunnelLatency,10:F3} {TunnelStall,10:F1}
        {RollOvers} roll-overs while it was sent; {AddedLatency:F3} ms added at the median.
        """) + (PacedMbit is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"""

        At {PacedMbit:F0} Mbit/s the longest stall was {PacedTunnelStall:F1} ms, and {PacedTunnelTypical:F1} ms in the median second;
        through the relay {PacedRelayStall:F1} and {PacedRelayTypical:F1} ms.
        """));
}
