using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Messages;

/// <summary>
/// The query of GET key-shares, on native links: several shares in one message. Exactly these parameters, each once, in any order:
/// <c>client_name</c>, <c>master_sae_id</c> and <c>slave_sae_id</c>, percent-encoded, <c>key_ids</c> as UUIDs joined by commas, and <c>bind=1</c>.
/// </summary>
public sealed record KeySharesQuery
{
    /// <summary>The most shares of one message.</summary>
    public const int MaxKeys = 128;

    /// <summary>The longest query that is looked at, in characters.</summary>
    public const int MaxLength = KeyShareQuery.MaxLength + (MaxKeys * (Uuid.Length + 1));

    /// <summary>The asking client.</summary>
    public required string ClientName { get; init; }

    /// <summary>The encryptor that made the keys.</summary>
    public required string MasterSaeId { get; init; }

    /// <summary>The encryptor that wants them.</summary>
    public required string SlaveSaeId { get; init; }

    /// <summary>The UUIDs of the keys: 1 to <see cref="MaxKeys"/>, each once.</summary>
    public required IReadOnlyList<Guid> KeyIds { get; init; }

    /// <summary>Reads a raw query.</summary>
    /// <param name="raw">The query as sent, without '?'.</param>
    /// <param name="query">The parameters, when the result is true.</param>
    /// <returns>False when a parameter is missing, double, unknown or has no proper value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="raw"/> is null.</exception>
    public static bool TryParse(string raw, [NotNullWhen(true)] out KeySharesQuery? query)
    {
        ArgumentNullException.ThrowIfNull(raw);
        query = null;
        string? client = null, master = null, slave = null, bind = null;
        IReadOnlyList<Guid>? keys = null;
        if (raw.Length > MaxLength)
        {
            return false;
        }

        foreach (var range in raw.AsSpan().Split('&'))
        {
            var pair = raw.AsSpan(range);
            var equals = pair.IndexOf('=');
            if (equals < 0)
            {
                return false;
            }

            var encoded = pair[(equals + 1)..];
            var taken = pair[..equals] switch
            {
                "client_name" => QueryText.TryDecode(encoded, out var value) && QueryText.TrySet(ref client, value),
                "master_sae_id" => QueryText.TryDecode(encoded, out var value) && QueryText.TrySet(ref master, value),
                "slave_sae_id" => QueryText.TryDecode(encoded, out var value) && QueryText.TrySet(ref slave, value),
                "key_ids" => keys is null && (keys = ParseKeys(encoded)) is not null,
                "bind" => encoded is "1" && QueryText.TrySet(ref bind, "1"),
                _ => false,
            };
            if (!taken)
            {
                return false;
            }
        }

        if (client is null || master is null || slave is null || keys is null || bind is null)
        {
            return false;
        }

        query = new KeySharesQuery { ClientName = client, MasterSaeId = master, SlaveSaeId = slave, KeyIds = keys };
        return true;
    }

    /// <summary>The raw query, percent-encoded.</summary>
    public override string ToString() => $"client_name={Uri.EscapeDataString(ClientName)}&master_sae_id={Uri.EscapeDataString(MasterSaeId)}"
        + $"&slave_sae_id={Uri.EscapeDataString(SlaveSaeId)}&key_ids={string.Join(',', KeyIds.Select(key => key.ToString("D")))}&{KeyShareQuery.BindParameter}";

    private static List<Guid>? ParseKeys(ReadOnlySpan<char> text)
    {
        var keys = new List<Guid>();
        var seen = new HashSet<Guid>();
        foreach (var range in text.Split(','))
        {
            if (keys.Count == MaxKeys || !Uuid.TryParse(text[range], out var key) || !seen.Add(key))
            {
                return null;
            }

            keys.Add(key);
        }

        return keys;
    }
}
