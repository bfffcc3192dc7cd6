using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dske.Protocol.Secrets;

namespace Dske.Cli.Network;

/// <summary>Control of a network that runs, by way of its AppHost. Only for the user who runs it: the file with the token is theirs alone.</summary>
internal sealed class NetworkControl : IDisposable
{
    private const int MaxFileLength = 4096;

    /// <summary>How long an answer may take: a node has some seconds to stop.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly NetworkFiles _files;

    private NetworkControl(NetworkFiles files, Uri address, string token, int processId)
    {
        _files = files;
        ProcessId = processId;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = address,
            Timeout = Timeout,
        };

        // HttpClient takes headers as text and nothing else.
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The process of the AppHost.</summary>
    public int ProcessId { get; }

    /// <summary>Finds the network that runs.</summary>
    /// <param name="files">Its files.</param>
    /// <exception cref="CommandFailure">None runs, or it cannot be controlled.</exception>
    public static NetworkControl Open(NetworkFiles files)
    {
        if (!File.Exists(files.ControlFile) || !files.IsInUse())
        {
            throw new CommandFailure(ExitCode.WrongState, files.IsInUse()
                ? $"The network on {files.DataDirectory} is starting or stopping: try again in a moment."
                : $"No network runs on {files.DataDirectory}: dske start brings one up.");
        }

        return TryOpen(files, out var problem) ?? throw new CommandFailure(ExitCode.Failed, $"The network cannot be controlled: {problem}");
    }

    /// <summary>Reads the file that says how to control a network.</summary>
    /// <param name="files">The files of the network.</param>
    /// <param name="problem">Why not, when the result is null.</param>
    public static NetworkControl? TryOpen(NetworkFiles files, out string? problem)
    {
        if (!OwnerOnlyFile.TryRead(files.ControlFile, MaxFileLength, out var content, out problem))
        {
            return null;
        }

        using (content)
        {
            try
            {
                var reader = new Utf8JsonReader(content.Span);
                using var control = JsonDocument.ParseValue(ref reader);
                var root = control.RootElement;
                var address = new Uri(root.GetProperty("address").GetString()!);
                if (!address.IsLoopback || address.Scheme != Uri.UriSchemeHttp)
                {
                    throw new FormatException();
                }

                return new NetworkControl(
                    files, address, root.GetProperty("token").GetString()!, root.GetProperty("process_id").GetInt32());
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
            {
                problem = $"{files.ControlFile} is not what an AppHost writes.";
                return null;
            }
        }
    }

    /// <summary>How all nodes are, in the order of the topology.</summary>
    /// <param name="stop">Ends the call.</param>
    /// <exception cref="CommandFailure">The AppHost does not answer, or refuses.</exception>
    public Task<NodeState[]> ListAsync(CancellationToken stop) => SendAsync(HttpMethod.Get, "/resources", NetworkJson.Default.NodeStateArray, stop)!;

    /// <summary>Starts, stops or restarts a node, and waits until its process is there or gone.</summary>
    /// <param name="node">The node.</param>
    /// <param name="verb">What to do.</param>
    /// <param name="stop">Ends the call.</param>
    /// <exception cref="CommandFailure">The AppHost does not answer, or refuses.</exception>
    public Task ExecuteAsync(string node, NodeVerb verb, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, $"/resources/{Uri.EscapeDataString(node)}/{verb.ToString().ToLowerInvariant()}", NetworkJson.Default.NodeState, stop);

    /// <summary>Tells the network to end. It has not ended yet when this returns.</summary>
    /// <param name="stop">Ends the call.</param>
    /// <exception cref="CommandFailure">The AppHost does not answer, or refuses.</exception>
    public Task StopAsync(CancellationToken stop) => SendAsync<NodeState>(HttpMethod.Post, "/stop", contract: null, stop);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T?> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T>? contract, CancellationToken stop)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var answer = await _http.SendAsync(request, stop);
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            if (!answer.IsSuccessStatusCode)
            {
                throw new CommandFailure(ExitCode.Failed, $"The AppHost refuses: {await HttpProblem.ReadAsync(answer, stop)}");
            }

            return contract is null ? null
                : await JsonSerializer.DeserializeAsync(body, contract, stop) ?? throw new JsonException();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            throw new CommandFailure(ExitCode.Unreachable, _files.IsInUse()
                ? $"The AppHost of the network on {_files.DataDirectory} does not answer."
                : $"The network on {_files.DataDirectory} has ended.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.TimedOut, $"The AppHost has not answered within {Timeout.TotalSeconds:0} s.");
        }
    }
}
