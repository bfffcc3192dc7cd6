using Dske.Hub.Enrolment;
using Dske.Hub.Traffic;
using Dske.Protocol.Hubs;

namespace Dske.Hub.Hosting;

/// <summary>The settings of a hub, section <c>Dske:Hub</c>.</summary>
internal sealed class HubOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Dske:Hub";

    /// <summary>This hub's name: a DNS label. One of <see cref="Hubs"/>. No default.</summary>
    public string? Name { get; set; }

    /// <summary>The names of all hubs of the network, in order: the place of a hub is the index of its share. 2 to 16. No default.</summary>
    public IList<string> Hubs { get; set; } = [];

    /// <summary>How many shares rebuild a key: 2 to the number of hubs. No default.</summary>
    public int Threshold { get; set; }

    /// <summary>Whom the out-of-band routes serve: by default, clients with enrolment tokens.</summary>
    public OutOfBandOptions OutOfBand { get; set; } = new();

    /// <summary>How much the hub takes from those it does not trust.</summary>
    public TrafficOptions Traffic { get; set; } = new();

    /// <summary>What clients are granted. Defaults as <see cref="HubLimits"/> states them.</summary>
    public HubLimits Limits { get; set; } = new() { SettleTime = TimeSpan.FromSeconds(8) };
}
