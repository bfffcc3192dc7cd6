using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Dske.Benchmarks.Tunnels;

/// <summary>One measurement: the relay first, then the tunnel, with the same senders and receivers.</summary>
internal sealed class TunnelRun(TunnelPlan plan, TimeProvider time)
{
    private const int Pings = 3000;
    private const int PingSize = 64;
    private const double Unlimited = double.MaxValue;
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Measures.</summary>
    /// <exception cref="HttpRequestException">The encryptor refuses, or is not there.</exception>
    /// <exception cref="TimeoutException">The link does not come up, or its pad is not filled.</exception>
    public async Task<TunnelReport> RunAsync(CancellationToken stop)
    {
        using var http = new HttpClient();
        using var target = PlainRelay.Listen(plan.TargetPort);
        using var relay = new PlainRelay(plan.RelayPort, plan.TargetPort);
        var link = new Uri($"{plan.Encryptor.ToString().TrimEnd('/')}/api/v1/links/{Uri.EscapeDataString(plan.Peer)}");
        var tunnel = new Uri($"{plan.Encryptor.ToString().TrimEnd('/')}/api/v1/tunnels/benchmark");
        await PutAsync(http, link, new Dictionary<string, object> { ["cipher"] = plan.Cipher, ["roll_over_seconds"] = 1, ["max_key_age_seconds"] = 600, ["pad_bytes"] = plan.PadBytes }, stop);
        try
        {
            await PutAsync(http, tunnel, new Dictionary<string, object> { ["listen"] = $"127.0.0.1:{plan.TunnelPort}", ["peer"] = plan.Peer, ["target"] = $"127.0.0.1:{plan.TargetPort}" }, stop);
            await UntilReadyAsync(http, link, stop);
            if (!plan.IsPad && plan.Warmup > TimeSpan.Zero)
            {
                await MeasureAsync(target, plan.TunnelPort, plan.Warmup, Unlimited, stop);
            }

            var relayLatency = await PingAsync(target, plan.RelayPort, stop);
            var tunnelLatency = await PingAsync(target, plan.TunnelPort, stop);
            var relayed = await MeasureAsync(target, plan.RelayPort, plan.Duration, Unlimited, stop);
            await UntilReadyAsync(http, link, stop);
            var before = await ReadAsync(http, link, "roll_overs", stop);
            var tunnelled = await MeasureAsync(target, plan.TunnelPort, plan.Duration, Unlimited, stop);
            var rollOvers = await ReadAsync(http, link, "roll_overs", stop) - before;
            var report = new TunnelReport(
                plan.Cipher, relayed.Mbit, tunnelled.Mbit, relayLatency, tunnelLatency, rollOvers, relayed.Stall, tunnelled.Stall);
            if (plan.IsPad || plan.Rate <= 0)
            {
                return report;
            }

            relayed = await MeasureAsync(target, plan.RelayPort, plan.Duration, plan.Rate, stop);
            tunnelled = await MeasureAsync(target, plan.TunnelPort, plan.Duration, plan.Rate, stop);
            return report with
            {
                PacedMbit = tunnelled.Mbit,
                PacedRelayStall = relayed.Stall,
                PacedTunnelStall = tunnelled.Stall,
                PacedRelayTypical = relayed.Typical,
                PacedTunnelTypical = tunnelled.Typical,
            };
        }
        finally
        {
            using var tunnelGone = await http.DeleteAsync(tunnel, CancellationToken.None);
            using var linkGone = await http.DeleteAsync(link, CancellationToken.None);
        }
    }

    private static async Task PutAsync(HttpClient http, Uri url, Dictionary<string, object> body, CancellationToken stop)
    {
        using var answer = await http.PutAsJsonAsync(url, body, stop);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{url} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
        }
    }

    private static async Task<long> ReadAsync(HttpClient http, Uri link, string member, CancellationToken stop)
    {
        var status = await http.GetFromJsonAsync<JsonElement>(link, stop);
        return status.TryGetProperty(member, out var value) ? value.GetInt64() : 0;
    }

    private async Task UntilReadyAsync(HttpClient http, Uri link, CancellationToken stop)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100), time);
        var started = time.GetTimestamp();
        while (true)
        {
            var status = await http.GetFromJsonAsync<JsonElement>(link, stop);
            if (status.GetProperty("state").GetString() == "up"
                && (!plan.IsPad || (status.TryGetProperty("pad_to_send_bytes", out var left) && left.GetInt64() >= plan.MaxBytes / 7 * 8 * 95 / 100)))
            {
                return;
            }

            if (time.GetElapsedTime(started) > ReadyTimeout)
            {
                throw new TimeoutException($"The link is not ready: {status}");
            }

            await poll.WaitForNextTickAsync(stop);
        }
    }

    private async Task<double> PingAsync(Socket target, int port, CancellationToken stop)
    {
        using var client = await PlainRelay.ConnectAsync(port, stop);
        using var server = await target.AcceptAsync(stop);
        server.NoDelay = true;
        var echo = EchoAsync(server, stop);
        var buffer = new byte[PingSize];
        var times = new double[Pings];
        for (var i = -Pings / 2; i < Pings; i++)
        {
            var started = time.GetTimestamp();
            await client.SendAsync(buffer, stop);
            for (var read = 0; read < PingSize;)
            {
                read += await ReceiveAsync(client, buffer.AsMemory(read), stop);
            }

            // The first ones are to warm up.
            if (i >= 0)
            {
                times[i] = time.GetElapsedTime(started).TotalMilliseconds;
            }
        }

        client.Shutdown(SocketShutdown.Send);
        await echo;
        Array.Sort(times);
        return Math.Round(times[Pings / 2], 4);
    }

    private static async Task EchoAsync(Socket server, CancellationToken stop)
    {
        var buffer = new byte[PingSize];
        while (await server.ReceiveAsync(buffer, stop) is > 0 and var read)
        {
            await server.SendAsync(buffer.AsMemory(0, read), stop);
        }
    }

    // How much comes out, the longest time between two reads of it, and the median of what it was in each second: keys change in all of them.
    private async Task<(double Mbit, double Stall, double Typical)> MeasureAsync(Socket target, int port, TimeSpan duration, double rate, CancellationToken stop)
    {
        using var client = await PlainRelay.ConnectAsync(port, stop);
        using var server = await target.AcceptAsync(stop);
        var sending = SendAsync(client, duration, rate, stop);
        var buffer = new byte[256 * 1024];
        var bytes = 0L;
        var longest = new List<double> { 0 };
        var started = time.GetTimestamp();
        var last = started;
        while (await server.ReceiveAsync(buffer, stop) is > 0 and var read)
        {
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(started, now).TotalSeconds >= longest.Count)
            {
                longest.Add(0);
            }

            longest[^1] = bytes > 0 ? Math.Max(longest[^1], time.GetElapsedTime(last, now).TotalMilliseconds) : 0;
            last = now;
            bytes += read;
        }

        await sending;
        longest.Sort();
        return (Math.Round(bytes * 8 / time.GetElapsedTime(started, last).TotalSeconds / 1e6, 1), Math.Round(longest[^1], 2), Math.Round(longest[longest.Count / 2], 2));
    }

    private async Task SendAsync(Socket client, TimeSpan duration, double rate, CancellationToken stop)
    {
        var buffer = new byte[256 * 1024];
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1), time);
        var started = time.GetTimestamp();
        var sent = 0L;
        for (var elapsed = TimeSpan.Zero; sent < plan.MaxBytes && elapsed < duration; elapsed = time.GetElapsedTime(started))
        {
            var due = Math.Min(plan.MaxBytes, elapsed.TotalSeconds * rate * 1e6 / 8) - sent;
            if (due <= 0)
            {
                await tick.WaitForNextTickAsync(stop);
                continue;
            }

            sent += await client.SendAsync(buffer.AsMemory(0, (int)Math.Min(due + 1, buffer.Length)), stop);
        }

        client.Shutdown(SocketShutdown.Send);
    }

    private static async Task<int> ReceiveAsync(Socket socket, Memory<byte> buffer, CancellationToken stop) =>
        await socket.ReceiveAsync(buffer, stop) is > 0 and var read ? read : throw new IOException("The connection ended.");
}
