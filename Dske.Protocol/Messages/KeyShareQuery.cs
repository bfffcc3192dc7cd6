using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Identifiers;

namespace Dske.Protocol.Messages;

/// <summary>
/// The query of GET key-share (guide, "Responder client gets key shares"), and on a native link <c>bind=1</c>. Exactly these
/// parameters, each once: what is not understood must not be signed away.
/// </summary>
public sealed record KeyShareQuery
{
    /// <summary>What a native request adds to ask for an answer that is bound to it.</summary>
    public const string BindParameter = "bind=1";

    /// <summary>The longest query that is looked at, in characters: three names of 255 characters, percent-encoded, and the rest.</summary>
    public const int MaxLength = 8192;

    /// <summary>The asking client.</summary>
    public required string ClientName { get; init; }

    /// <summary>The encryptor that made the key.</summary>
    public required string MasterSaeId { get; init; }

    /// <summary>The encryptor that wants it.</summary>
    public required string SlaveSaeId { get; init; }

    /// <summary>The UUID of the key.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>Whether the answer is to be bound to the request: so ask native clients.</summary>
    public bool Bind { get; init; }

    /// <summary>Reads a raw query.</summary>
    /// <param name="raw">The query as sent, without '?'.</param>
    /// <param name="query">The parameters, when the result is true.</param>
    /// <returns>False when a parameter is missing, double, unknown or has no proper value.</returns>
    public static bool TryParse(string raw, [NotNullWhen(true)] out KeyShareQuery? query)
    {
        ArgumentNullException.ThrowIfNull(raw);
        query = null;
        string? client = null, master = null, slave = null, bind = null;
        Guid? key = null;
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
                "master_sae_id" => QueryText.TrySet(ref master, value),
                "slave_sae_id" => QueryText.TrySet(ref slave, value),
                "key_id" => key is null && (key = Uuid.TryParse(value, out var id) ? id : null) is not null,
                "bind" => value == "1" && QueryText.TrySet(ref bind, value),
                _ => false,
            };
            if (!taken)
            {
                return false;
            }
        }

        if (client is null || master is null || slave is null || key is not { } keyId)
        {
            return false;
        }

        query = new KeyShareQuery { ClientName = client, MasterSaeId = master, SlaveSaeId = slave, KeyId = keyId, Bind = bind is not null };
        return true;
    }

    /// <summary>The raw query, percent-encoded, in the guide's order.</summary>
    public override string ToString() => $"client_name={Uri.EscapeDataString(ClientName)}&master_sae_id={Uri.EscapeDataString(MasterSaeId)}"
        + $"&slave_sae_id={Uri.EscapeDataString(SlaveSaeId)}&key_id={KeyId:D}{(Bind ? "&" + BindParameter : string.Empty)}";
}
