using Dske.Hub.Hosting;
using Dske.Protocol.Hubs;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Services.Hub;

/// <summary>A hub as it is, on loopback.</summary>
internal sealed class HubNode : ServiceNode<HubOptions>
{
    private readonly string _name;

    private HubNode(string name, IReadOnlyDictionary<string, string?> settings, TimeProvider? time)
        : base(settings, time) => _name = name;

    public override string Root => $"/hub/{_name}";

    public HubEngine Engine => Services.GetRequiredService<HubEngine>();

    /// <summary>The hubs of a network of five.</summary>
    public static IReadOnlyList<string> Names { get; } = ["hank", "helen", "hilary", "holly", "hugo"];

    /// <summary>Starts a hub of a network of five with a threshold of three. It serves whoever asks unless the settings say otherwise.</summary>
    public static HubNode Start(string name = "hank", TimeProvider? time = null, params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            [$"{HubOptions.Section}:Name"] = name,
            [$"{HubOptions.Section}:Threshold"] = "3",
            [$"{HubOptions.Section}:OutOfBand:Mode"] = "open",
            ["Dske:Storage:InMemory"] = "true",
        };
        for (var i = 0; i < Names.Count; i++)
        {
            settings[$"{HubOptions.Section}:Hubs:{i}"] = Names[i];
        }

        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        var node = new HubNode(name, settings, time);
        node.Listen();
        return node;
    }
}
