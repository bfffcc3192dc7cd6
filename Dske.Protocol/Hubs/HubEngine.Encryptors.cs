using Dske.Protocol.Errors;
using Dske.Protocol.Messages;

namespace Dske.Protocol.Hubs;

/// <summary>How a hub tells which client has which encryptor.</summary>
public sealed partial class HubEngine
{
    /// <summary>Handles GET encryptors of a native link: which client has an encryptor, or all clients with all of theirs.</summary>
    /// <param name="query">The raw query, without '?'.</param>
    /// <param name="hasBody">Whether the request has a body: then it is refused.</param>
    /// <param name="signature">The value of <c>DSKE-Signature</c>; null when absent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    public HubAnswer GetEncryptors(string query, bool hasBody, string? signature)
    {
        ArgumentNullException.ThrowIfNull(query);
        var readable = EncryptorsQuery.TryParse(query, out var message);
        if (!TryReadHeader(signature, bind: true, out var header, out var answer))
        {
            return answer;
        }

        if (!readable || hasBody)
        {
            return Reject(DskeError.MalformedMessage, header.Dialect);
        }

        try
        {
            if (!TryAuthenticate(message!.ClientName, header, signature, query, default, out var client, out answer)
                || !TryTake(client, header, signature, null, default, out var request, out answer))
            {
                return answer;
            }

            return List(message) is not { } clients ? HubAnswers.Refused(request.Request, DskeError.TooManyClients)
                : clients.Count == 0 && IsSettling ? HubAnswers.Refused(request.Request, DskeError.RegistrationsIncomplete)
                : HubAnswers.Listed(request.Request, clients);
        }
        catch (IOException fault)
        {
            return Fail(fault, header.Dialect);
        }
    }

    /// <summary>Null when there are more than fit into an answer.</summary>
    private List<ListedClient>? List(EncryptorsQuery message)
    {
        if (message.SaeId is { } sae)
        {
            return _clients.TryGetOwner(sae, out var owner)
                ? [new ListedClient { ClientName = owner.Value, EncryptorNames = owner.Value == sae.Value ? [] : [sae.Value] }]
                : [];
        }

        var clients = new List<ListedClient>();
        long size = 0;
        foreach (var client in _clients.Clients)
        {
            var names = client.Encryptors.Select(encryptor => encryptor.Value).Order(StringComparer.Ordinal).ToList();

            // Six characters for one, at the most, and the punctuation around it.
            size += 64 + client.Name.Value.Length + names.Sum(name => (name.Length * 6L) + 3);
            if (size > EncryptorsAnswer.MaxSize)
            {
                return null;
            }

            clients.Add(new ListedClient { ClientName = client.Name.Value, EncryptorNames = names });
        }

        return clients;
    }
}
