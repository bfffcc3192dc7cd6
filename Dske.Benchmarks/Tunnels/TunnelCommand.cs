using System.CommandLine;
using Dske.Benchmarks.CommandLine;

namespace Dske.Benchmarks.Tunnels;

/// <summary><c>tunnel</c>: sends through a tunnel of a running network and through a plain relay, and compares.</summary>
internal static class TunnelCommand
{
    private const int Success = 0;
    private const int Failed = 1;
    private const double MaxSeconds = 600;
    private const double MaxRate = 100_000;
    private const long MinPad = 1024 * 1024;
    private const long MaxPad = 1024 * 1024 * 1024;
    private const int MaxPort = ushort.MaxValue - 2;

    /// <summary>Makes the command.</summary>
    /// <param name="time">The clock of the run.</param>
    public static Command Create(TimeProvider time)
    {
        var encryptor = new Option<Uri>("--encryptor")
        {
            Description = "The encryptor at which the tunnel begins. Its peer has to allow the target.",
            HelpName = "URL",
            DefaultValueFactory = _ => new Uri("http://localhost:8110/encryptor/sam"),
        };
        var peer = new Option<string>("--peer") { Description = "Where it leads.", HelpName = "NAME", DefaultValueFactory = _ => "sofia" };
        var cipher = new Option<string>("--cipher") { Description = "How it is sealed.", DefaultValueFactory = _ => "aes-256-gcm" };
        cipher.AcceptOnlyFromAmong("aes-256-gcm", "one-time-pad");
        var duration = new Option<double>("--duration")
        {
            Description = "How long to send.", HelpName = "SECONDS", CustomParser = NumberWithin.Of(1.0, MaxSeconds), DefaultValueFactory = _ => 10,
        };
        var warmup = new Option<double>("--warmup")
        {
            Description = "How long to send before anything counts, with aes-256-gcm.",
            HelpName = "SECONDS",
            CustomParser = NumberWithin.Of(0.0, MaxSeconds),
            DefaultValueFactory = _ => 10,
        };
        var rate = new Option<double>("--rate")
        {
            Description = "How much to send for the second measurement of stalls, in which the sender does not send all it can, with aes-256-gcm; 0 for none.",
            HelpName = "MBIT/S",
            CustomParser = NumberWithin.Of(0.0, MaxRate),
            DefaultValueFactory = _ => 1000,
        };
        var pad = new Option<long>("--pad")
        {
            Description = "With one-time-pad: how many bytes to have before sending, and to send most of.",
            HelpName = "BYTES",
            CustomParser = NumberWithin.Of(MinPad, MaxPad),
            DefaultValueFactory = _ => 80L * 1024 * 1024,
        };
        var port = new Option<int>("--port")
        {
            Description = "The first of three ports on loopback: tunnel, target, relay.", HelpName = "PORT", CustomParser = NumberWithin.Of(1, MaxPort), DefaultValueFactory = _ => 9801,
        };
        var command = new Command(
            "tunnel", "Sends through a tunnel of a running network and through a plain TCP relay. One line of JSON goes to the standard output, a table to the standard error.")
        {
            encryptor, peer, cipher, warmup, duration, rate, pad, port,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var plan = new TunnelPlan(
                parsed.GetRequiredValue(encryptor),
                parsed.GetRequiredValue(peer),
                parsed.GetRequiredValue(cipher),
                TimeSpan.FromSeconds(parsed.GetRequiredValue(warmup)),
                TimeSpan.FromSeconds(parsed.GetRequiredValue(duration)),
                parsed.GetRequiredValue(rate),
                parsed.GetRequiredValue(pad),
                parsed.GetRequiredValue(port));
            var (console, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var report = await new TunnelRun(plan, time).RunAsync(stop);
                await errors.WriteLineAsync(report.ToTable());
                await console.WriteLineAsync(report.ToJson());
                return Success;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException or TimeoutException)
            {
                await errors.WriteLineAsync($"The tunnel could not be measured: {e.Message}");
                return Failed;
            }
        });
        return command;
    }
}
