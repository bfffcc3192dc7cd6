using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Messages;

/// <summary>The query of GET link: <c>client_name</c> and, to ask about a couriered file, <c>file</c>; each at most once, none percent-encoded.</summary>
/// <param name="ClientName">The client that asks.</param>
/// <param name="File">The file; null for none.</param>
public sealed record LinkTurnQuery(NodeName ClientName, Guid? File = null)
{
    private const int MaxLength = 256;

    /// <summary>Reads a raw query.</summary>
    /// <param name="raw">The query as sent, without '?'.</param>
    /// <param name="query">The parameters, when the result is true.</param>
    /// <returns>False when a parameter is missing, double, unknown or has no proper value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="raw"/> is null.</exception>
    public static bool TryParse(string raw, [NotNullWhen(true)] out LinkTurnQuery? query)
    {
        ArgumentNullException.ThrowIfNull(raw);
        query = null;
        NodeName? client = null;
        Guid? file = null;
        foreach (var range in raw.Length > MaxLength ? default : raw.AsSpan().Split('&'))
        {
            var pair = raw.AsSpan(range);
            var equals = pair.IndexOf('=');
            var value = pair[(equals + 1)..];
            var taken = equals >= 0 && pair[..equals] switch
            {
                "client_name" => client is null && (client = NodeName.TryParse(value.ToString(), out var name) ? name : null) is not null,
                "file" => file is null && (file = Uuid.TryParse(value, out var id) ? id : null) is not null,
                _ => false,
            };
            if (!taken)
            {
                return false;
            }
        }

        query = client is { } asking ? new LinkTurnQuery(asking, file) : null;
        return query is not null;
    }

    /// <summary>The raw query.</summary>
    public override string ToString() => File is { } file ? $"client_name={ClientName}&file={file:D}" : $"client_name={ClientName}";
}
