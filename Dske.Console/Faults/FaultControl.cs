using System.Net.Http.Headers;
using System.Text.Json;
using Dske.Console.Access;
using Dske.Protocol.Secrets;
using Dske.ServiceDefaults.Access;
using Microsoft.Extensions.Options;

namespace Dske.Console.Faults;

/// <summary>
/// Starts and stops nodes through the AppHost. Only for a console that nobody but this machine reaches: whoever may look at a network from afar
/// may not end it.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class FaultControl
{
    /// <summary>The name of its HTTP client.</summary>
    internal const string ClientName = "control";

    /// <summary>How long a command may take: a node has some seconds to stop.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private const int MaxFileLength = 4096;

    private readonly IHttpClientFactory _clients;
    private readonly string? _file;

    internal FaultControl(IOptions<FaultOptions> options, IOptions<AccessOptions> access, PageGate gate, IHttpClientFactory clients)
    {
        _clients = clients;
        _file = options.Value.ControlFile;
        Obstacle = options.Value switch
        {
            { AllowFaults: false } => "Whoever runs this network does not allow it.",
            { ControlFile: null or "" } => "This console was not started by the AppHost, which starts and stops nodes.",
            _ when gate.AsksForToken || access.Value.TrustFront => "This console can be seen from other machines.",
            _ => null,
        };
    }

    /// <summary>Why nothing can be started or stopped here, as a sentence; null when it can.</summary>
    public string? Obstacle { get; }

    /// <summary>Starts, stops or restarts a node, and waits until its process has ended or is there.</summary>
    /// <param name="node">Its name.</param>
    /// <param name="action">What to do.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What went wrong, as a sentence; null when nothing did.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> ended the wait.</exception>
    public async Task<string?> ExecuteAsync(string node, FaultAction action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (Obstacle is not null)
        {
            return Obstacle;
        }

        // Read each time: an AppHost that was started again has another address and token.
        if (!OwnerOnlyFile.TryRead(_file!, MaxFileLength, out var content, out var problem))
        {
            return $"The AppHost cannot be asked: {problem}";
        }

        using (content)
        {
            try
            {
                using var request = CreateRequest(content.Span, node, action);
                using var http = _clients.CreateClient(ClientName);
                using var answer = await http.SendAsync(request, cancellationToken);
                return answer.IsSuccessStatusCode ? null : await ReadProblemAsync(answer, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                return "The AppHost does not answer.";
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return $"The AppHost has not answered within {Timeout.TotalSeconds:0} s.";
            }
        }
    }

    // {"address":"http://127.0.0.1:1234","token":"…"}. HttpClient takes headers as text and nothing else.
    private static HttpRequestMessage CreateRequest(ReadOnlySpan<byte> file, string node, FaultAction action)
    {
        var reader = new Utf8JsonReader(file);
        using var control = JsonDocument.ParseValue(ref reader);
        var address = new Uri(control.RootElement.GetProperty("address").GetString() ?? string.Empty);
        var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(address, $"/resources/{Uri.EscapeDataString(node)}/{action.ToString().ToLowerInvariant()}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", control.RootElement.GetProperty("token").GetString());
        return request;
    }

    private static async Task<string> ReadProblemAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            using var problem = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            return problem.RootElement.GetProperty("detail").GetString() ?? $"The AppHost answers {(int)answer.StatusCode}.";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"The AppHost answers {(int)answer.StatusCode}.";
        }
    }
}
