using Dske.Protocol.Errors;
using Dske.Tests.Network.InMemory;

namespace Dske.Tests.Model;

/// <content>What goes wrong.</content>
internal sealed partial class ModelRun
{
    private static readonly DskeError[] Forgeries =
    [
        DskeError.ClientNotRegistered, DskeError.PsrdUnknownBlock, DskeError.OutOfPsrd, DskeError.SyncNeeded, DskeError.ShareUnknown, DskeError.StorageFailed,
    ];

    /// <summary>At most so many may lie at a time: neither can they make up a key, nor keep the honest ones from making one.</summary>
    private int MostLiars => Math.Min(Threshold - 1, _network.Hubs.Count - Threshold);

    private async Task DisturbAsync()
    {
        switch (_random.Next(100))
        {
            case < 25:
                await ChangeWeatherAsync(Pick(_model.Links));
                break;
            case < 35:
                Cut(Pick(_model.Links), true);
                break;
            case < 45 when _model.Links.Where(link => link.IsCut).ToList() is { Count: > 0 } cut:
                Cut(Pick(cut), false);
                break;
            case < 53:
                StopHub(_random.Next(_model.Hubs.Count));
                break;
            case < 66 when _model.Hubs.Any(hub => !hub.IsUp):
                StartHub(_model.Hubs.ToList().FindIndex(hub => !hub.IsUp), keepState: Chance(70));
                break;
            case < 74:
                var restarted = _random.Next(_model.Hubs.Count);
                StopHub(restarted);
                StartHub(restarted, keepState: Chance(75));
                break;
            case < 78:
                await StopClientAsync(Pick(_clients.Values.ToList()));
                break;
            case < 84 when _clients.Values.Where(client => !client.IsRunning).ToList() is { Count: > 0 } stopped:
                await StartClientAsync(Pick(stopped), keepState: Chance(70));
                break;
            case < 90:
                var client = Pick(_clients.Values.ToList());
                await StopClientAsync(client);
                await StartClientAsync(client, keepState: Chance(75));
                break;
            default:
                ChangeLie();
                break;
        }

        await SettleAsync();
    }

    /// <summary>Something happened to links: what was expected of them before does not hold any more.</summary>
    private void NoteDisturbed(IEnumerable<ModelLink> links, string what)
    {
        Tell(what);
        Count("disturbance");
        _changes++;
        foreach (var link in links)
        {
            (link.DisturbedAt, link.IsGood) = (Now, false);
            if (link.Weather is not null || _model.Hubs[link.Hub].HasLied)
            {
                link.UncertainUntil = Now + _network.Settings.ClientLimits.RenewInterval;
            }
        }
    }

    private IEnumerable<ModelLink> LinksOf(int hub) => _model.Links.Where(link => link.Hub == hub);

    private async Task ChangeWeatherAsync(ModelLink link)
    {
        var (old, hub) = (link.Weather, _network.Hubs[link.Hub]);
        var weather = old is null || Chance(50) ? DrawWeather() : null;
        NoteDisturbed([link], $"{link.Client}→{hub.Name}: {weather?.ToString() ?? "clear"}");
        link.Weather = weather;
        if (old is not null)
        {
            await old.ReleaseAsync();
        }
    }

    private Weather DrawWeather()
    {
        var messages = Chance(50) ? _random.Next(1, 6) : int.MaxValue;
        var time = _network.Time;
        var duration = TimeSpan.FromMilliseconds(_random.Next(3) switch { 0 => 7, 1 => 311, _ => 1700 });
        var forgery = Pick(Forgeries);
        var position = _random.Next(500);
        return _random.Next(8) switch
        {
            0 => new Weather("loses requests", messages, _ => Faults.Unreachable),
            1 => new Weather("loses answers", messages, _ => Faults.DropAnswer),
            2 => new Weather($"corrupts answers at {position}", messages, _ => Faults.CorruptAnswer(position)),
            3 => new Weather($"answers {forgery} in the hub's place", messages, _ => Faults.Forge(forgery)),
            4 => new Weather($"answers {forgery} instead", messages, _ => Faults.ReplaceByForged(forgery)),
            5 => new Weather("holds requests", messages, weather => async (exchange, deliver, token) =>
            {
                await weather.HoldAsync(exchange, null, deliver, token);
                return await deliver();
            }),
            6 => new Weather("holds answers", messages, weather => async (exchange, deliver, token) =>
            {
                var answer = await deliver();
                await weather.HoldAsync(exchange, null, null, token);
                return answer;
            }),
            _ => new Weather($"delays requests by {duration}", messages, weather => async (exchange, deliver, token) =>
            {
                await weather.HoldAsync(exchange, Task.Delay(duration, time, CancellationToken.None), deliver, token);
                return await deliver();
            }),
        };
    }

    private void Cut(ModelLink link, bool isCut)
    {
        var hub = _network.Hubs[link.Hub];
        NoteDisturbed([link], $"{link.Client}→{hub.Name}: {(isCut ? "cut" : "joined")}");
        link.IsCut = isCut;
        hub.CutOff = isCut ? hub.CutOff.Add(link.Client) : hub.CutOff.Remove(link.Client);
    }

    private void StopHub(int hub)
    {
        NoteDisturbed(LinksOf(hub), $"{_network.Hubs[hub].Name} stops");
        _model.Hubs[hub].IsUp = _network.Hubs[hub].IsReachable = false;
    }

    private void StartHub(int hub, bool keepState)
    {
        NoteDisturbed(LinksOf(hub), $"{_network.Hubs[hub].Name} starts{(keepState ? "" : " with nothing")}");
        Learn();
        _network.Hubs[hub].Restart(keepState);
        if (!keepState)
        {
            _model.NoteHubLost(hub);
        }

        _model.Hubs[hub].IsUp = _network.Hubs[hub].IsReachable = true;
    }

    private async Task StopClientAsync(InMemoryClient client)
    {
        NoteDisturbed(_model.LinksOf(client.Name), $"{client.Name} stops");
        await client.StopAsync();
        await SettleAsync();
    }

    private async Task StartClientAsync(InMemoryClient client, bool keepState)
    {
        NoteDisturbed(_model.LinksOf(client.Name), $"{client.Name} starts{(keepState ? "" : " with nothing")}");
        if (!keepState)
        {
            _model.NoteClientLost(client.Name);
        }

        await client.RestartAsync(keepState);
        Watch(client);
    }

    private void ChangeLie()
    {
        var liars = Enumerable.Range(0, _model.Hubs.Count).Where(index => _model.Hubs[index].Lie != Lie.None).ToList();
        var hub = liars.Count > 0 && (liars.Count == MostLiars || Chance(50)) ? Pick(liars) : _random.Next(_model.Hubs.Count);
        var lie = _model.Hubs[hub].Lie != Lie.None ? Lie.None : (Lie)_random.Next(1, 5);
        NoteDisturbed(LinksOf(hub), $"{_network.Hubs[hub].Name} lies: {lie}");
        _model.Hubs[hub].Lie = lie;
        _model.Hubs[hub].HasLied |= lie != Lie.None;
        Count(lie == Lie.None ? "lie ends" : "lie begins");
    }

    /// <summary>Somebody sends again what was answered once, to the same hub or another one: nobody may take it for new.</summary>
    private async Task ReplayAsync()
    {
        var hubs = _network.Hubs.Where(hub => _model.Hubs[hub.Index].IsUp).ToList();
        if (_recorded.Count == 0 || hubs.Count == 0)
        {
            return;
        }

        var recorded = Pick(_recorded);
        var hub = Chance(80) && hubs.Contains(recorded.Hub) ? recorded.Hub : Pick(hubs);
        var answer = await hub.ReplayAsync(recorded);
        Tell($"a message of {recorded.Client} to {recorded.Hub.Name} comes to {hub.Name} again: {answer.Status}");
        Count("replay");
        Expect(answer.Status != 200, "A message counted twice.");
    }
}
