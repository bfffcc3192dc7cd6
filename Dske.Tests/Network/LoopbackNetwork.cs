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

    private LoopbackNetwork(string master, string slave, EnrolmentFolder? enrolment, string? data, Action<IServiceCollection>? hubServices)
    {
        (_enrolment, _data) = (enrolment, data);
        Hubs = [.. HubNames.Select(hub => LoopbackNode<HubOptions>.Start($"/hub/{hub}", HubSettings(hub), hubServices))];
        Carol = LoopbackNode<ClientOptions>.Start("/client/carol", ClientSettings("carol", master));
        Conny = LoopbackNode<ClientOptions>.Start("/client/conny", ClientSettings("conny", slave));
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
    public static async Task<LoopbackNetwork> StartAsync(
        string master = "sam", string slave = "sofia", EnrolmentFolder? enrolment = null, string? data = null, Action<IServiceCollection>? hubServices = null)
    {
        var network = new LoopbackNetwork(master, slave, enrolment, data, hubServices);
        await network.UntilReadyAsync();
        return network;
    }

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

    private async Task UntilReadyAsync()
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

        AddStorage(settings, name);
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
            settings[$"Dske:Client:Hubs:{i}:Url"] = Hubs[i].Url.ToString();
            settings[$"Dske:Client:Hubs:{i}:TokenFile"] = _enrolment?.WriteToken(HubNames[i], name, encryptor);
        }

        AddStorage(settings, name);
        return settings;
    }

    private void AddStorage(Dictionary<string, string?> settings, string name)
    {
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
