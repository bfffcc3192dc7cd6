using System.Diagnostics;

namespace Dske.Tests.Services.Nodes;

/// <summary>A node as a process of its own that is to end by itself.</summary>
internal static class NodeProcess
{
    /// <summary>Runs a node to its end.</summary>
    /// <param name="marker">A type of the node's assembly.</param>
    /// <param name="arguments">Settings, as <c>--key=value</c>.</param>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(Type marker, params string[] arguments)
        => RunAsync(marker, asNobody: false, arguments);

    /// <summary>Runs a node to its end, as a user without rights if need be, for which this one has to be a superuser.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(Type marker, bool asNobody, params string[] arguments)
    {
        using var node = Start(marker, asNobody, arguments);
        try
        {
            var cancellation = TestContext.Current.CancellationToken;
            var output = node.StandardOutput.ReadToEndAsync(cancellation);
            var errors = node.StandardError.ReadToEndAsync(cancellation);
            await node.WaitForExitAsync(cancellation);
            return (node.ExitCode, await output, await errors);
        }
        finally
        {
            node.Kill();
        }
    }

    private static Process Start(Type marker, bool asNobody, string[] arguments)
    {
        var program = Path.ChangeExtension(marker.Assembly.Location, OperatingSystem.IsWindows() ? ".exe" : null);
        var start = new ProcessStartInfo(asNobody ? "setpriv" : program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] before = asNobody ? ["--reuid=65534", "--regid=65534", "--clear-groups", program] : [];
        foreach (var argument in (string[])[.. before, "--urls=http://127.0.0.1:0", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The node is not a program.");
    }
}
