using System.Text;
using Dske.Encryptor.Configuration;
using Dske.Encryptor.Messages;
using Dske.ServiceDefaults.Access;
using Dske.ServiceDefaults.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Dske.Encryptor.Endpoints;

/// <summary>Sends messages over links and shows those that came: <c>/encryptor/{sae}/api/v1/links/{peer}/messages</c>.</summary>
internal static class MessagesApi
{
    private const int MaxBodyBytes = 128 * 1024;

    public static void MapMessagesApi(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/links/{peer}/messages")
            .LocalOnly()
            .DescribePathParameter(PeerCalls.Parameter, "The SAE ID of a peer.", "sofia");
        messages.MapPost("", SendAsync)
            .OperatorOnly()
            .MaxRequestBody(MaxBodyBytes)
            .WithName("SendMessage")
            .WithSummary("Send a message over a secure link")
            .WithDescription("Waits until the peer keeps the message.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(Examples.OfMessage);
        messages.MapGet("", List)
            .OperatorOnly()
            .WithName("ListMessages")
            .WithSummary("List the messages that came over a secure link")
            .WithDescription("The latest 100 messages of this peer. A restart forgets them.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .AddOpenApiOperationTransformer(Examples.OfMessages);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> SendAsync(
        MessageRequest request, HttpContext context, EncryptorSettings settings, MessageSender sender)
    {
        if (!PeerCalls.TryFindPeer(context, settings, out var peer, out var problem))
        {
            return problem;
        }

        // Half a surrogate pair has no UTF-8.
        if (request.Text.EnumerateRunes().Any(static rune => rune.Value == 0xFFFD) || Encoding.UTF8.GetByteCount(request.Text) is 0 or > MessageStore.MaxBytes)
        {
            return EncryptorProblems.Invalid(new Dictionary<string, string[]> { ["text"] = [$"A message has 1 to {MessageStore.MaxBytes} bytes of UTF-8."] });
        }

        if (await sender.SendAsync(peer, request.Text, context.RequestAborted) is not { } why)
        {
            return TypedResults.NoContent();
        }

        EncryptorProblems.SetRetryAfter(context.Response, EncryptorProblems.DefaultRetryAfter);
        return TypedResults.Problem(why, statusCode: StatusCodes.Status503ServiceUnavailable, type: EncryptorProblems.LinkDown);
    }

    internal static Results<Ok<MessageList>, ProblemHttpResult> List(HttpContext context, EncryptorSettings settings, MessageStore messages)
    {
        if (!PeerCalls.TryFindPeer(context, settings, out var peer, out var problem))
        {
            return problem;
        }

        return TypedResults.Ok(new MessageList
        {
            Messages =
            [
                .. messages.List(peer.SaeId).Select(static message => new ReceivedMessage
                {
                    From = message.From.Value,
                    Text = message.Text,
                    ReceivedAt = message.ReceivedAt,
                }),
            ],
        });
    }
}
