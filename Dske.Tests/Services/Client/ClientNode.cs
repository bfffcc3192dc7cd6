using Dske.Protocol.Clients;
using Microsoft.Extensions.DependencyInjection;
using Settings = Dske.Client.Hosting.ClientOptions;

namespace Dske.Tests.Services.Client;

/// <summary>A client (KME) as it is, on loopback.</summary>
internal sealed class ClientNode : ServiceNode<Settings>
{
    private readonly string _name;

    private readonly Action<IServiceCollection>? _services;

    private ClientNode(string name, IReadOnlyDictionary<string, string?> settings, TimeProvider? time, Action<IServiceCollection>? services)
        : base(settings, time) => (_name, _services) = (name, services);

    public override string Root => $"/client/{_name}";

    public ClientEngine Engine => Services.GetRequiredService<ClientEngine>();

    /// <summary>Starts a client with a threshold of three hubs.</summary>
    /// <param name="name">The client's name.</param>
    /// <param name="encryptors">Its encryptors.</param>
    /// <param name="hubs">The hubs and where they are; null for five that nobody answers for.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <param name="more">Further settings.</param>
    public static ClientNode Start(
        string name, string[] encryptors, IReadOnlyList<(string Name, Uri Url)>? hubs = null, TimeProvider? time = null, params (string Key, string Value)[] more)
        => Start(name, encryptors, hubs, time, null, more);

    /// <summary>Starts a client with five hubs that nobody answers for.</summary>
    /// <param name="name">The client's name.</param>
    /// <param name="encryptors">Its encryptors.</param>
    /// <param name="services">Changes its services.</param>
    /// <param name="more">Further settings.</param>
    public static ClientNode Start(string name, string[] encryptors, Action<IServiceCollection> services, params (string Key, string Value)[] more)
        => Start(name, encryptors, null, null, services, more);

    protected override void ConfigureServices(IServiceCollection services) => _services?.Invoke(services);

    private static ClientNode Start(
        string name, string[] encryptors, IReadOnlyList<(string Name, Uri Url)>? hubs, TimeProvider? time, Action<IServiceCollection>? services, (string Key, string Value)[] more)
    {
        // Port 1 of loopback is nobody's: connections are refused at once.
        hubs ??= [.. new[] { "hank", "helen", "hilary", "holly", "hugo" }.Select(hub => (hub, new Uri("http://127.0.0.1:1")))];
        var settings = new Dictionary<string, string?>
        {
            [$"{Settings.Section}:Name"] = name,
            [$"{Settings.Section}:Threshold"] = "3",
            ["Dske:Storage:InMemory"] = "true",
        };
        for (var i = 0; i < encryptors.Length; i++)
        {
            settings[$"{Settings.Section}:Encryptors:{i}"] = encryptors[i];
        }

        for (var i = 0; i < hubs.Count; i++)
        {
            settings[$"{Settings.Section}:Hubs:{i}:Name"] = hubs[i].Name;
            settings[$"{Settings.Section}:Hubs:{i}:Url"] = hubs[i].Url.ToString();
        }

        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        var node = new ClientNode(name, settings, time, services);
        node.Listen();
        return node;
    }
}
