using Dske.Protocol.Authentication;
using Dske.Protocol.Hubs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dske.Benchmarks.Guard;

/// <summary>The least that a server can do: Kestrel reads each request to its end and gives an answer that lies ready, as large as a hub's.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoServer(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_app.Urls.Single());

    /// <summary>Starts it on a free port.</summary>
    /// <param name="posted">The answer to a POST.</param>
    /// <param name="fetched">The answer to a GET.</param>
    public static async Task<EchoServer> StartAsync(HubAnswer posted, HubAnswer fetched)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, HttpMethods.IsPost(context.Request.Method) ? posted : fetched));
        await app.StartAsync();
        return new EchoServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, HubAnswer answer)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        response.Headers[SignatureHeader.Name] = answer.Signature;
        await response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}
