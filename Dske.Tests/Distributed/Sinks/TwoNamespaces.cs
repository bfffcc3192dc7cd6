using System.Diagnostics;

namespace Dske.Tests.Distributed.Sinks;

/// <summary>Two network namespaces of a test's own, joined by a cable, and what runs in them. All of it is gone after the test.</summary>
internal sealed class TwoNamespaces : IAsyncDisposable
{
    /// <summary>The addresses of the two ends.</summary>
    public static readonly string[] Addresses = ["10.9.0.1", "10.9.0.2"];

    private static readonly string[] SearchPath =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator), "/usr/sbin", "/sbin"];

    private readonly List<Process> _background = [];
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-netns-");
    private readonly List<string> _files = [];
    private readonly string _prefix;

    private TwoNamespaces(string prefix) => _prefix = prefix;

    /// <summary>The name of an end's namespace.</summary>
    public string this[int end] => $"dske-{_prefix}-{end}";

    /// <summary>A file of the test's own.</summary>
    public string In(params string[] names) => Path.Combine([_directory.FullName, .. names]);

    /// <summary>The name of an interface of the test's own.</summary>
    public string Interface(string kind, int end) => $"{kind}{_prefix}{end}";

    /// <summary>Makes the namespaces, or skips the test and says why that cannot be.</summary>
    /// <param name="prefix">What names have in common: 1 to 3 letters.</param>
    /// <param name="programs">The programs that the test needs besides, each with the package of Debian that has it.</param>
    public static async Task<TwoNamespaces> CreateAsync(string prefix, params (string Program, string Package)[] programs)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs network namespaces, which Linux has.");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root, to make network namespaces.");
        foreach (var (program, package) in ((string, string)[])[("ip", "iproute2"), .. programs])
        {
            Assert.SkipWhen(Find(program) is null, $"Needs {program} (package {package} of Debian).");
        }

        // Of this process's own: another run may be about the same.
        var namespaces = new TwoNamespaces($"{prefix}{Environment.ProcessId % 100_000}");
        try
        {
            var (code, output) = await namespaces.TryRunAsync("ip", "netns", "add", namespaces[0]);
            Assert.SkipWhen(code != 0, $"Needs network namespaces, but ip netns add says: {output}");
            await namespaces.RunAsync("ip", "netns", "add", namespaces[1]);
            await namespaces.RunAsync(
                "ip", "link", "add", "cable", "netns", namespaces[0], "type", "veth", "peer", "name", "cable", "netns", namespaces[1]);
            for (var end = 0; end < 2; end++)
            {
                await namespaces.RunAsync("ip", "-n", namespaces[end], "address", "add", Addresses[end] + "/24", "dev", "cable");
                await namespaces.RunAsync("ip", "-n", namespaces[end], "link", "set", "lo", "up");
                await namespaces.RunAsync("ip", "-n", namespaces[end], "link", "set", "cable", "up");
            }

            return namespaces;
        }
        catch
        {
            await namespaces.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a program is; null where it is not installed.</summary>
    public static string? Find(string program) => SearchPath.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program in an end's namespace, which has to work.</summary>
    public Task<string> RunInAsync(int end, params string[] command) => RunAsync("ip", ["netns", "exec", this[end], .. command]);

    /// <summary>Runs a program in an end's namespace.</summary>
    public Task<(int ExitCode, string Output)> TryRunInAsync(int end, params string[] command) => TryRunAsync("ip", ["netns", "exec", this[end], .. command]);

    /// <summary>Runs a program, which has to work.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await TryRunAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {output}");
        return output;
    }

    /// <summary>Runs a program until it works: one that talks to a daemon which has just been started.</summary>
    public async Task UntilItWorksAsync(string program, params string[] arguments)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (await TryRunAsync(program, arguments) is { ExitCode: not 0 } failed)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1), $"{program} {string.Join(' ', arguments)} goes on saying: {failed.Output}");
        }
    }

    /// <summary>Runs a program.</summary>
    public async Task<(int ExitCode, string Output)> TryRunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Describe(program, arguments))!;
        var outputs = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, string.Concat(outputs).Trim());
    }

    /// <summary>Starts a program in an end's namespace that runs until the test is over.</summary>
    public void Start(int end, params string[] command)
    {
        var process = Process.Start(Describe("ip", ["netns", "exec", this[end], .. command]))!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _background.Add(process);
    }

    /// <summary>Has a file that a program leaves behind removed at the end.</summary>
    public void Forget(string file) => _files.Add(file);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _background)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        _files.ForEach(File.Delete);
        foreach (var name in new[] { this[0], this[1] })
        {
            using var process = Process.Start(Describe("ip", ["netns", "delete", name]))!;
            await process.WaitForExitAsync(CancellationToken.None);
        }

        _directory.Delete(recursive: true);
    }

    private ProcessStartInfo Describe(string program, string[] arguments) =>
        new(Find(program) ?? program, arguments) { WorkingDirectory = _directory.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
}
