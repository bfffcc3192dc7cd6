using System.Net.Http.Json;
using System.Text.Json;
using Dske.Client.Hosting;
using Dske.Encryptor.Configuration;
using Dske.Hub.Hosting;
using Dske.Storage;
using Dske.Storage.Files;
using Dske.Tests.Network.InMemory;
using Dske.Tests.Services;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.Tests.Network;

/// <summary>
/// Five hubs, two clients and their encryptors, real services with real sockets, in one process: carol with sam, conny with sofia, or
/// with encryptors of any other name.
/// </summary>
internal sealed class LoopbackNetwork : IAsyncDisposable
{
    public static readonly string[] HubNames = ["hank", "helen", "hilary", "holly", "hugo"];

    private readonly EnrolmentFolder? _enrolment;
    private readonly string? _data;
    private readonly string? _operatorTokenFile;

    private readonly Func<string, Uri, Uri> _route;

    private LoopbackNetwork(
        string master,
        string slave,
        EnrolmentFolder? enrolment,
        string? data,
        Action<IServiceCollection>? hubServices,
        Action<IServiceCollection>? clientServices,
        Func<string, Uri, Uri> route,
        string? operatorTokenFile)
    {
        (_enrolment, _data, _route, _operatorTokenFile) = (enrolment, data, route, operatorTokenFile);
        Hubs = [.. HubNames.Select(hub => LoopbackNode<HubOptions>.Start($"/hub/{hub}", HubSettings(hub), hubServices))];
        Carol = LoopbackNode<ClientOptions>.Start("/client/carol", ClientSettings("carol", master), clientServices);
        Conny = LoopbackNode<ClientOptions>.Start("/client/conny", ClientSettings("conny", slave), clientServices);
        Sam = LoopbackNode<EncryptorSettings>.Start("/encryptor/sam", EncryptorSettings(master, "carol", Carol.Url, slave));
        Sofia = LoopbackNode<EncryptorSettings>.Start("/encryptor/sofia", EncryptorSettings(slave, "conny", Conny.Url, master));
        Sam.Services.GetRequiredService<IConfiguration>()["services:peer:http:0"] = Sofia.Url.ToString();
        Sofia.Services.GetRequiredService<IConfiguration>()["services:peer:http:0"] = Sam.Url.ToString();
    }

    public IReadOnlyList<LoopbackNode<HubOptions>> Hubs { get; }

    public LoopbackNode<ClientOptions> Carol { get; }

    public LoopbackNode<ClientOptions> Conny { get; }

    public LoopbackNode<EncryptorSettings> Sam { get; }

    public LoopbackNode<EncryptorSettings> Sofia { get; }

    /// <summary>
    /// Starts the network and waits until every client has a full link to every hub. The hubs serve whoever asks, or those with
    /// tokens that are made with the keys of <paramref name="enrolment"/>, which stays the caller's.
    /// </summary>
    /// <param name="master">The encryptor at carol.</param>
    /// <param name="slave">The encryptor at conny.</param>
    /// <param name="enrolment">The enrolment keys; null for hubs that serve whoever asks.</param>
    /// <param name="data">
    /// The directory in which hubs and clients keep their state, each in a directory of its name, and the journal of its PSRD beside it; null
    /// for everything in memory.
    /// </param>
    /// <param name="hubServices">Changes the services of the hubs.</param>
    /// <param name="clientServices">Changes the services of the clients.</param>
    /// <param name="route">Where clients find the hub of a name that is at an address; null for there.</param>
    /// <param name="operatorTokenFile">The file with the operator's token for hubs and clients; null for none.</param>
    public static async Task<LoopbackNetwork> StartAsync(
        string master = "sam",
        string slave = "sofia",
        EnrolmentFolder? enrolment = null,
        string? data = null,
        Action<IServiceCollection>? hubServices = null,
        Action<IServiceCollection>? clientServices = null,
        Func<string, Uri, Uri>? route = null,
        string? operatorTokenFile = null)
    {
        var network = new LoopbackNetwork(master, slave, enrolment, data, hubServices, clientServices, route ?? ((_, url) => url), operatorTokenFile);
        await network.UntilReadyAsync();
        return network;
    }

    /// <summary>Has carol make a key for sam and sofia, and conny fetch it, as their encryptors would; both have to get the same.</summary>
    /// <param name="size">The size of the key in bits.</param>
    /// <exception cref="HttpRequestException">One of the two did not get it.</exception>
    public async Task<(Guid Id, byte[] Key)> DeliverAsync(int size = 256)
    {
        var (id, key) = await MakeAsync(size);
        var fetched = await GetKeyAsync(Conny, "sofia", $"sam/dec_keys?key_ID={id}");
        Assert.Equal(key, fetched.GetProperty("key").GetBytesFromBase64());
        return (id, key);
    }

    /// <summary>The same over SKIP: at carol for conny. Comes with random bits that carol made.</summary>
    /// <exception cref="HttpRequestException">One of the two did not get it.</exception>
    public async Task<(byte[] Key, byte[] Random)> DeliverOverSkipAsync()
    {
        var made = await GetAsync(Carol, "/key?remoteSystemID=conny");
        var fetched = await GetAsync(Conny, $"/key/{made.GetProperty("keyId").GetString()}?remoteSystemID=carol");
        var key = Convert.FromHexString(made.GetProperty("key").GetString()!);
        Assert.Equal(key, Convert.FromHexString(fetched.GetProperty("key").GetString()!));
        return (key, Convert.FromHexString((await GetAsync(Carol, "/entropy")).GetProperty("randomStr").GetString()!));

        static Task<JsonElement> GetAsync(LoopbackNode<ClientOptions> client, string path) => client.Client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);
    }

    /// <summary>Has carol make a key for sam and sofia, which sofia does not fetch.</summary>
    /// <param name="size">The size of the key in bits.</param>
    /// <exception cref="HttpRequestException">Sam did not get it.</exception>
    public async Task<(Guid Id, byte[] Key)> MakeAsync(int size = 256)
    {
        var made = await GetKeyAsync(Carol, "sam", $"sofia/enc_keys?size={size}");
        return (made.GetProperty("key_ID").GetGuid(), made.GetProperty("key").GetBytesFromBase64());
    }

    /// <summary>Has sofia fetch a key of sam's.</summary>
    /// <exception cref="HttpRequestException">Sofia did not get it.</exception>
    public async Task<byte[]> FetchAsync(Guid id)
        => (await GetKeyAsync(Conny, "sofia", $"sam/dec_keys?key_ID={id}")).GetProperty("key").GetBytesFromBase64();

    public async ValueTask DisposeAsync()
    {
        await Sam.DisposeAsync();
        await Sofia.DisposeAsync();
        await Carol.DisposeAsync();
        await Conny.DisposeAsync();
        foreach (var hub in Hubs)
        {
            await hub.DisposeAsync();
        }

        // A node's own program disposes of its services as well, and whoever comes second does not wait for the first.
        await Eventually.TrueAsync(() => DataDirectories().All(IsFree), "all data directories are let go of");
    }

    private IEnumerable<string> DataDirectories() => _data is null ? [] : HubNames.Append("carol").Append("conny").Select(node => Path.Combine(_data, node));

    private static bool IsFree(string directory)
    {
        try
        {
            DirectoryLock.Take(directory).Dispose();
            return true;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    /// <summary>Waits until every client has a full link to every hub.</summary>
    public async Task UntilReadyAsync()
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        foreach (var client in new[] { Carol, Conny })
        {
            while (!(await client.GetStatusAsync()).GetProperty("peer_hubs").EnumerateArray().All(hub => hub.GetProperty("usable").GetBoolean()))
            {
                await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task<JsonElement> GetKeyAsync(LoopbackNode<ClientOptions> client, string sae, string request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, $"{client.Root}/etsi/api/v1/keys/{request}");
        message.Headers.TryAddWithoutValidation("Authorization", sae);
        using var answer = await client.Client.SendAsync(message, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("keys")[0];
    }

    private Dictionary<string, string?> HubSettings(string name)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dske:Hub:Name"] = name,
            ["Dske:Hub:Threshold"] = "3",
            ["Dske:Hub:OutOfBand:Mode"] = _enrolment is null ? "open" : "token",
            ["Dske:Hub:OutOfBand:KeyFile"] = _enrolment?.KeyFileOf(name),
        };
        for (var i = 0; i < HubNames.Length; i++)
        {
            settings[$"Dske:Hub:Hubs:{i}"] = HubNames[i];
        }

        AddNode(settings, name);
        return settings;
    }

    private Dictionary<string, string?> ClientSettings(string name, string encryptor)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dske:Client:Name"] = name,
            ["Dske:Client:Threshold"] = "3",
            ["Dske:Client:Encryptors:0"] = encryptor,
        };
        for (var i = 0; i < HubNames.Length; i++)
        {
            settings[$"Dske:Client:Hubs:{i}:Name"] = HubNames[i];
            settings[$"Dske:Client:Hubs:{i}:Url"] = _route(HubNames[i], Hubs[i].Url).ToString();
            settings[$"Dske:Client:Hubs:{i}:TokenFile"] = _enrolment?.WriteToken(HubNames[i], name, encryptor);
        }

        AddNode(settings, name);
        return settings;
    }

    private void AddNode(Dictionary<string, string?> settings, string name)
    {
        settings["Dske:Access:OperatorTokenFile"] = _operatorTokenFile;
        if (_data is null)
        {
            settings["Dske:Storage:InMemory"] = "true";
        }
        else
        {
            settings["Dske:Storage:Directory"] = Path.Combine(_data, name);
            settings["Dske:Storage:JournalFile"] = Path.Combine(_data, name + ".journal");
        }
    }

    private static Dictionary<string, string?> EncryptorSettings(string sae, string kme, Uri kmeUrl, string peer) => new()
    {
        ["Dske:Encryptor:SaeId"] = sae,
        ["Dske:Encryptor:Kme:Name"] = kme,
        ["Dske:Encryptor:Kme:Url"] = kmeUrl.ToString(),
        ["Dske:Encryptor:Peers:0:SaeId"] = peer,
        ["Dske:Encryptor:Peers:0:Url"] = "http://peer",
    };
}
