using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Messages;

/// <summary>
/// The query of GET encryptors, on native links: which client has an encryptor, or all of them. Exactly these parameters, each once, in any order:
/// <c>client_name</c>, perhaps <c>sae_id</c>, percent-encoded, and <c>bind=1</c>.
/// </summary>
public sealed record EncryptorsQuery
{
    /// <summary>The longest query that is looked at, in characters.</summary>
    public const int MaxLength = 8192;

    /// <summary>The asking client.</summary>
    public required string ClientName { get; init; }

    /// <summary>The encryptor that is asked about; null for all.</summary>
    public SaeId? SaeId { get; init; }

    /// <summary>Reads a raw query.</summary>
    /// <param name="raw">The query as sent, without '?'.</param>
    /// <param name="query">The parameters, when the result is true.</param>
    /// <returns>False when a parameter is missing, double, unknown or has no proper value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="raw"/> is null.</exception>
    public static bool TryParse(string raw, [NotNullWhen(true)] out EncryptorsQuery? query)
    {
        ArgumentNullException.ThrowIfNull(raw);
        query = null;
        string? client = null, bind = null;
        SaeId? sae = null;
        if (raw.Length > MaxLength)
        {
            return false;
        }

        foreach (var range in raw.AsSpan().Split('&'))
        {
            var pair = raw.AsSpan(range);
            var equals = pair.IndexOf('=');
            if (equals < 0 || !QueryText.TryDecode(pair[(equals + 1)..], out var value))
            {
                return false;
            }

            var taken = pair[..equals] switch
            {
                "client_name" => QueryText.TrySet(ref client, value),
                "sae_id" => sae is null && (sae = Identifiers.SaeId.TryParse(value, out var id) ? id : null) is not null,
                "bind" => value == "1" && QueryText.TrySet(ref bind, value),
                _ => false,
            };
            if (!taken)
            {
                return false;
            }
        }

        if (client is null || bind is null)
        {
            return false;
        }

        query = new EncryptorsQuery { ClientName = client, SaeId = sae };
        return true;
    }

    /// <summary>The raw query, percent-encoded.</summary>
    public override string ToString() => $"client_name={Uri.EscapeDataString(ClientName)}"
        + (SaeId is { } sae ? $"&sae_id={Uri.EscapeDataString(sae.Value)}" : string.Empty) + $"&{KeyShareQuery.BindParameter}";
}
