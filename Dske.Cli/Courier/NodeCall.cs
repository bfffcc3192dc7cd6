using System.Net;
using Dske.Cli.Network;

namespace Dske.Cli.Courier;

/// <summary>Calls to nodes: what goes wrong is one line and an exit code.</summary>
internal static class NodeCall
{
    /// <summary>Sends a request, and reads the head of the answer.</summary>
    /// <param name="http">What asks.</param>
    /// <param name="node">The node.</param>
    /// <param name="request">The request.</param>
    /// <param name="stop">Ends the call.</param>
    /// <returns>The answer, a success, which the caller disposes.</returns>
    /// <exception cref="NodeRefusal">The node refuses.</exception>
    /// <exception cref="CommandFailure">Nobody answers.</exception>
    public static async Task<HttpResponseMessage> SendToAsync(this HttpClient http, Node node, HttpRequestMessage request, CancellationToken stop)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            stop.ThrowIfCancellationRequested();
            throw Unreachable(node);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            var code = answer.StatusCode switch
            {
                HttpStatusCode.BadRequest => ExitCode.BadInput,
                HttpStatusCode.NotFound or HttpStatusCode.Conflict => ExitCode.WrongState,
                _ => ExitCode.Failed,
            };
            var (detail, type) = await HttpProblem.ReadWithTypeAsync(answer, stop);
            throw new NodeRefusal(code, $"{node.Name} refuses: {detail}", type);
        }
    }

    /// <summary>The failure that a node does not answer.</summary>
    /// <param name="node">The node.</param>
    public static CommandFailure Unreachable(Node node) => new(
        ExitCode.Unreachable, $"{node.Name} cannot be reached at {node.Url}: it does not run, or one end speaks TLS and the other does not.");
}
