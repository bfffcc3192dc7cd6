using System.Globalization;
using Dske.Console.Network.Picture;

namespace Dske.Console.Network;

/// <summary>What of a link can be seen. Two that are equal look the same, and need not be drawn again.</summary>
/// <param name="Condition">The style of the line: usable, suspect, unusable or unknown.</param>
/// <param name="IsLit">Whether random data was spent on it just now.</param>
/// <param name="IsDimmed">Whether other links stand out.</param>
/// <param name="ClientFill">The length of the client's gauge, as SVG or CSS has it.</param>
/// <param name="ClientTone">low when the client is about to fetch more; else null.</param>
/// <param name="HubFill">The length of the hub's gauge.</param>
/// <param name="HubTone">low when the client is about to fetch more; else null.</param>
/// <param name="Title">All of it in words.</param>
public sealed record LinkLook(
    string Condition, bool IsLit, bool IsDimmed, string ClientFill, string? ClientTone, string HubFill, string? HubTone, string Title)
{
    /// <summary>What can be seen of a link.</summary>
    /// <param name="client">Its client.</param>
    /// <param name="hub">Its hub.</param>
    /// <param name="link">The link; null when the client has not reported it.</param>
    /// <param name="settings">What counts as full.</param>
    /// <param name="length">The length of a full gauge.</param>
    /// <param name="isDimmed">Whether other links stand out.</param>
    public static LinkLook Of(string client, string hub, LinkState? link, NetworkSettings settings, double length, bool isDimmed)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (link is null)
        {
            return new LinkLook("unknown", false, isDimmed, "0", null, "0", null, $"{client} – {hub}: not known");
        }

        var condition = link switch
        {
            { IsStale: true } => "unknown",
            { IsUsable: false } => "unusable",
            { IsSuspect: true } => "suspect",
            _ => "usable",
        };
        return new LinkLook(
            condition,
            link.IsLit,
            isDimmed,
            Svg.Text(Math.Round(link.ClientOwned.ShareOf(settings.RefillTo) * length, 1)),
            Tone(link.ClientOwned, settings),
            Svg.Text(Math.Round(link.HubOwned.ShareOf(settings.RefillTo) * length, 1)),
            Tone(link.HubOwned, settings),
            $"{client} – {hub}: {link.Condition}. Random data left: {Percent(link.ClientOwned, settings)} of {client}'s, {Percent(link.HubOwned, settings)} of {hub}'s.");
    }

    private static string? Tone(PoolLevel pool, NetworkSettings settings) => pool.Available < settings.RefillBelow ? "low" : null;

    private static string Percent(PoolLevel pool, NetworkSettings settings) =>
        (pool.ShareOf(settings.RefillTo) * 100).ToString("0' %'", CultureInfo.InvariantCulture);
}
