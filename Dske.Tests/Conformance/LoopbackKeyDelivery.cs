using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dske.Client.Hosting;
using Dske.Hub.Hosting;
using Dske.Tests.Network;

namespace Dske.Tests.Conformance;

/// <summary>Five hubs and two KMEs in this process, over plain HTTP on loopback. conny also lets encryptors make keys with themselves.</summary>
public class LoopbackKeyDelivery : KeyDeliveryNetwork
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
        foreach (var kme in _kmes.Keys)
        {
            while (!await IsLinkedAsync(kme))
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

        GC.SuppressFinalize(this);
    }

    /// <summary>Where a KME listens.</summary>
    protected Uri UrlOf(string kme) => _kmes[kme].Url;

    /// <summary>What a KME is configured with besides.</summary>
    protected virtual IEnumerable<(string Key, string Value)> MoreSettingsOf(string kme) => [];

    protected override HttpClient CreateClient(string? sae, string kme)
    {
        var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8 };
        var client = new HttpClient(handler) { BaseAddress = UrlOf(kme) };
        if (sae is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", sae);
        }

        return client;
    }

    private async Task<bool> IsLinkedAsync(string kme)
    {
        var status = await ClientOf(null, kme).GetFromJsonAsync<JsonElement>($"/client/{kme}/mgmt/v1/status", TestContext.Current.CancellationToken);
        return status.GetProperty("peer_hubs").EnumerateArray().All(hub => hub.GetProperty("usable").GetBoolean());
    }

    private static Dictionary<string, string?> HubSettings(string name)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dske:Hub:Name"] = name,
            ["Dske:Hub:Threshold"] = "3",
            ["Dske:Hub:OutOfBand:Mode"] = "open",

            // A hub that began a moment ago does not say that nobody has an SAE.
            ["Dske:Hub:Limits:SettleTime"] = "00:00:00",
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

        foreach (var (key, value) in MoreSettingsOf(name))
        {
            settings[key] = value;
        }

        return settings;
    }
}
