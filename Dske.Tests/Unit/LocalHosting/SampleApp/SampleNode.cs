using System.Collections;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SampleApp;

/// <summary>A node that does as its environment says.</summary>
public static class SampleNode
{
    /// <summary>A port of the test. The node connects to it, names itself and its process ID, and stays connected while it lives.</summary>
    public const string Lifeline = "SAMPLE_LIFELINE";

    /// <summary>An exit code. The node says why and exits with it.</summary>
    public const string ExitCode = "SAMPLE_EXIT_CODE";

    /// <summary>Set to anything: the node does not stop when told to.</summary>
    public const string Stubborn = "SAMPLE_STUBBORN";

    /// <summary>Set to anything: the node is not healthy until <c>POST /recover</c>.</summary>
    public const string Sick = "SAMPLE_SICK";

    public const string LastWords = "I cannot go on.";

    public static async Task RunAsync()
    {
        if (Environment.GetEnvironmentVariable(ExitCode) is { Length: > 0 } exitCode)
        {
            Console.Error.WriteLine(LastWords);
            Environment.Exit(int.Parse(exitCode, CultureInfo.InvariantCulture));
        }

        using var lifeline = new Socket(SocketType.Stream, ProtocolType.Tcp);
        if (int.TryParse(Environment.GetEnvironmentVariable(Lifeline), CultureInfo.InvariantCulture, out var port) && port > 0)
        {
            await lifeline.ConnectAsync(IPAddress.Loopback, port);
            var name = Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME");
            await lifeline.SendAsync(Encoding.ASCII.GetBytes($"{name} {Environment.ProcessId}\n"));
        }

        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        if (Environment.GetEnvironmentVariable(Stubborn) is not null)
        {
            app.Lifetime.ApplicationStopping.Register(() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System).Wait());
        }

        var isHealthy = Environment.GetEnvironmentVariable(Sick) is null;
        app.MapGet("/health", () => isHealthy ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        app.MapPost("/recover", () => { isHealthy = true; });
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value));
        app.MapPost("/exit/{code:int}", (int code) =>
        {
            Console.WriteLine(LastWords);
            Environment.Exit(code);
        });
        await app.RunAsync();
    }
}
