using System.Diagnostics.CodeAnalysis;
using System.Text;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Persistence;

namespace Dske.Protocol.Messages;

/// <summary>
/// The query of POST key-share and POST key-shares: empty from other implementations; on a native link <c>bind=1</c>, then <c>also</c> for each
/// further encryptor that may fetch what is posted, percent-encoded, in any number up to <see cref="MaxAlso"/>.
/// </summary>
public sealed record SharePostQuery
{
    /// <summary>The most further encryptors.</summary>
    public const int MaxAlso = ShareRecipient.Max - 1;

    /// <summary>The longest query that is looked at, in characters: names of 255 characters of four bytes each, percent-encoded.</summary>
    public const int MaxLength = 64 + (MaxAlso * ((255 * 12) + 6));

    private const string AlsoParameter = "also=";

    private static readonly SharePostQuery Plain = new();
    private static readonly SharePostQuery Bound = new() { Bind = true };

    /// <summary>Whether the answer is to be bound to the request: so ask native clients.</summary>
    public bool Bind { get; init; }

    /// <summary>The further encryptors, each once.</summary>
    public IReadOnlyList<SaeId> Also { get; init; } = [];

    /// <summary>Reads a raw query.</summary>
    /// <param name="raw">The query as sent, without '?'.</param>
    /// <param name="query">The parameters, when the result is true.</param>
    /// <returns>False when it is anything else: what is not understood must not be signed away.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="raw"/> is null.</exception>
    public static bool TryParse(string raw, [NotNullWhen(true)] out SharePostQuery? query)
    {
        ArgumentNullException.ThrowIfNull(raw);
        query = raw switch
        {
            "" => Plain,
            KeyShareQuery.BindParameter => Bound,
            _ => null,
        };
        if (query is not null || raw.Length > MaxLength || !raw.StartsWith(KeyShareQuery.BindParameter + "&", StringComparison.Ordinal))
        {
            return query is not null;
        }

        var also = new List<SaeId>();
        var rest = raw.AsSpan(KeyShareQuery.BindParameter.Length + 1);
        foreach (var range in rest.Split('&'))
        {
            var pair = rest[range];
            if (also.Count == MaxAlso
                || !pair.StartsWith(AlsoParameter, StringComparison.Ordinal)
                || !QueryText.TryDecode(pair[AlsoParameter.Length..], out var value)
                || !SaeId.TryParse(value, out var sae)
                || also.Contains(sae))
            {
                return false;
            }

            also.Add(sae);
        }

        query = new SharePostQuery { Bind = true, Also = also };
        return true;
    }

    /// <summary>The raw query.</summary>
    public override string ToString()
    {
        if (!Bind || Also.Count == 0)
        {
            return Bind ? KeyShareQuery.BindParameter : string.Empty;
        }

        var text = new StringBuilder(KeyShareQuery.BindParameter);
        foreach (var sae in Also)
        {
            text.Append('&').Append(AlsoParameter).Append(Uri.EscapeDataString(sae.Value));
        }

        return text.ToString();
    }
}
