using System.CommandLine;

namespace Dske.Benchmarks.Tunnels;

/// <summary><c>tunnel</c>: sends through a tunnel of a running network and through a plain relay, and compares.</summary>
internal static class TunnelCommand
{
    private const int Success = 0;
    private const int Failed = 1;

    /// <summary>Makes the command.</summary>
    /// <param name="time">The clock of the run.</param>
    public static Command Create(TimeProvider time)
    {
        var arguments = new TunnelArguments();
        var command = new Command(
            "tunnel", "Sends through a tunnel of a running network and through a plain TCP relay. One line of JSON goes to the standard output, a table to the standard error.");
        foreach (var option in arguments.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, stop) =>
        {
            var plan = arguments.Read(parsed);
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
