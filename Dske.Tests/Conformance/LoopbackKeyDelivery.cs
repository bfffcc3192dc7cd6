using System.Text;
using Dske.Client.Hosting;
using Dske.Hub.Hosting;
using Dske.Tests.Network;

namespace Dske.Tests.Conformance;

/// <summary>Five hubs and two KMEs in this process, over plain HTTP on loopback. conny also lets encryptors make keys with themselves.</summary>
public sealed class LoopbackKeyDelivery : KeyDeliveryNetwork
{
    /// <summary>Names that have to be encoded in a path, at conny.</summary>
    public static readonly IReadOnlyList<string> OddNames = ["süd/1", "a b", "100%", "what?#", "x+y&z", "ключ", "a%2Fb", "tom@example.net;v=1", "𝄞"];

    private static readonly Dictionary<string, string[]> Encryptors = new()
    {
        ["carol"] = ["sam"],
        ["conny"] = ["sofia", "serena", "sunny", "susan", "celia", "cindy", "curtis", .. OddNames],
    };

    private readonly List<LoopbackNode<HubOptions>> _hubs = [];
    private readonly Dictionary<string, LoopbackNode<ClientOptions>> _kmes = [];

    public override string KmeOf(string sae) => Encryptors.Single(kme => kme.Key == sae || kme.Value.Contains(sae)).Key;

    public override async ValueTask InitializeAsync()
    {
        foreach (var hub in LoopbackNetwork.HubNames)
        {
            _hubs.Add(LoopbackNode<HubOptions>.Start($"/hub/{hub}", HubSettings(hub)));
        }

        foreach (var (kme, encryptors) in Encryptors)
        {
            _kmes.Add(kme, LoopbackNode<ClientOptions>.Start($"/client/{kme}", KmeSettings(kme, encryptors)));
        }

        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        foreach (var kme in _kmes.Values)
        {
            while (!(await kme.GetStatusAsync()).GetProperty("peer_hubs").EnumerateArray().All(hub => hub.GetProperty("usable").GetBoolean()))
            {
                await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var kme in _kmes.Values)
        {
            await kme.DisposeAsync();
        }

        foreach (var hub in _hubs)
        {
            await hub.DisposeAsync();
        }
    }

    protected override HttpClient CreateClient(string? sae, string kme)
    {
        var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8 };
        var client = new HttpClient(handler) { BaseAddress = _kmes[kme].Url };
        if (sae is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", sae);
        }

        return client;
    }

    private static Dictionary<string, string?> HubSettings(string name)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dske:Hub:Name"] = name,
            ["Dske:Hub:Threshold"] = "3",
            ["Dske:Hub:OutOfBand:Mode"] = "open",
            ["Dske:Storage:InMemory"] = "true",
        };
        for (var i = 0; i < LoopbackNetwork.HubNames.Length; i++)
        {
            settings[$"Dske:Hub:Hubs:{i}"] = LoopbackNetwork.HubNames[i];
        }

        return settings;
    }

    private Dictionary<string, string?> KmeSettings(string name, string[] encryptors)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dske:Client:Name"] = name,
            ["Dske:Client:Threshold"] = "3",
            ["Dske:Client:Keys:AllowSelf"] = $"{name == "conny"}",
            ["Dske:Storage:InMemory"] = "true",
        };
        for (var i = 0; i < encryptors.Length; i++)
        {
            settings[$"Dske:Client:Encryptors:{i}"] = encryptors[i];
        }

        for (var i = 0; i < _hubs.Count; i++)
        {
            settings[$"Dske:Client:Hubs:{i}:Name"] = LoopbackNetwork.HubNames[i];
            settings[$"Dske:Client:Hubs:{i}:Url"] = _hubs[i].Url.ToString();
        }

        return settings;
    }
}
