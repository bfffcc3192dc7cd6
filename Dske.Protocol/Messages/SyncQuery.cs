using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Messages;

/// <summary>
/// The query of GET sync, on native links: which blocks a client has and where it is with each. Exactly these parameters, each once, in
/// any order, none of them percent-encoded: <c>client_name</c>, <c>turn</c>, <c>client_owned</c> and <c>hub_owned</c> as
/// <c>uuid:position</c> joined by commas (or empty), and <c>bind=1</c>. The first sync of a link that a couriered file begins has <c>enrols</c> and
/// <c>instance</c> besides.
/// </summary>
public sealed record SyncQuery
{
    /// <summary>The most blocks of a pool that can be stated.</summary>
    public const int MaxBlocks = 1024;

    /// <summary>The longest query that is looked at, in characters.</summary>
    public const int MaxLength = 512 + (2 * MaxBlocks * (Uuid.Length + 21));

    /// <summary>The client that asks.</summary>
    public required NodeName ClientName { get; init; }

    /// <summary>The turn that the hub named last.</summary>
    public required Guid Turn { get; init; }

    /// <summary>The blocks that the client allocates from, with the next byte it will allocate.</summary>
    public required IReadOnlyList<BlockPosition> ClientOwned { get; init; }

    /// <summary>The blocks that the hub allocates from, with the byte after the last one that the client has seen used.</summary>
    public required IReadOnlyList<BlockPosition> HubOwned { get; init; }

    /// <summary>The link that a couriered file begins (<see cref="Courier.CourierManifest.Enrols"/>); null once it has begun.</summary>
    public Guid? Enrols { get; init; }

    /// <summary>The client's instance, which the link belongs to from then on; null exactly when <see cref="Enrols"/> is.</summary>
    public Guid? Instance { get; init; }

    /// <summary>Reads a raw query.</summary>
    /// <param name="raw">The query as sent, without '?'.</param>
    /// <param name="query">The parameters, when the result is true.</param>
    /// <returns>False when a parameter is missing, double, unknown or has no proper value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="raw"/> is null.</exception>
    public static bool TryParse(string raw, [NotNullWhen(true)] out SyncQuery? query)
    {
        ArgumentNullException.ThrowIfNull(raw);
        query = null;
        NodeName? client = null;
        Guid? turn = null, enrols = null, instance = null;
        IReadOnlyList<BlockPosition>? clientOwned = null, hubOwned = null;
        var bind = false;
        if (raw.Length > MaxLength)
        {
            return false;
        }

        foreach (var range in raw.AsSpan().Split('&'))
        {
            var pair = raw.AsSpan(range);
            var equals = pair.IndexOf('=');
            var value = pair[(equals + 1)..];
            var taken = equals >= 0 && pair[..equals] switch
            {
                "client_name" => client is null && (client = NodeName.TryParse(value.ToString(), out var name) ? name : null) is not null,
                "turn" => turn is null && (turn = Uuid.TryParse(value, out var id) ? id : null) is not null,
                "enrols" => enrols is null && (enrols = Uuid.TryParse(value, out var id) ? id : null) is not null,
                "instance" => instance is null && (instance = Uuid.TryParse(value, out var id) ? id : null) is not null,
                "client_owned" => clientOwned is null && (clientOwned = ParsePositions(value)) is not null,
                "hub_owned" => hubOwned is null && (hubOwned = ParsePositions(value)) is not null,
                "bind" => !bind && (bind = value is "1"),
                _ => false,
            };
            if (!taken)
            {
                return false;
            }
        }

        if (client is not { } clientName || turn is not { } current || clientOwned is null || hubOwned is null || !bind || enrols is null != instance is null)
        {
            return false;
        }

        query = new SyncQuery
        {
            ClientName = clientName,
            Turn = current,
            ClientOwned = clientOwned,
            HubOwned = hubOwned,
            Enrols = enrols,
            Instance = instance,
        };
        return true;
    }

    /// <summary>The raw query.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(256);
        text.Append(CultureInfo.InvariantCulture, $"client_name={ClientName}&turn={Turn:D}&client_owned=");
        Append(text, ClientOwned);
        text.Append("&hub_owned=");
        Append(text, HubOwned);
        text.Append('&').Append(KeyShareQuery.BindParameter);
        return (Enrols is null ? text : text.Append(CultureInfo.InvariantCulture, $"&enrols={Enrols:D}&instance={Instance:D}")).ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<BlockPosition> positions)
    {
        for (var i = 0; i < positions.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}{positions[i].BlockId:D}:{positions[i].Position}");
        }
    }

    private static List<BlockPosition>? ParsePositions(ReadOnlySpan<char> text)
    {
        var positions = new List<BlockPosition>();
        if (text.IsEmpty)
        {
            return positions;
        }

        foreach (var range in text.Split(','))
        {
            var entry = text[range];
            if (positions.Count == MaxBlocks
                || entry.Length < Uuid.Length + 2
                || entry[Uuid.Length] != ':'
                || !Uuid.TryParse(entry[..Uuid.Length], out var block)
                || !TryParsePosition(entry[(Uuid.Length + 1)..], out var position))
            {
                return null;
            }

            positions.Add(new BlockPosition(block, position));
        }

        return positions;
    }

    private static bool TryParsePosition(ReadOnlySpan<char> text, out long position)
    {
        position = 0;
        return text.Length is > 0 and <= 19
            && (text.Length == 1 || text[0] != '0')
            && !text.ContainsAnyExceptInRange('0', '9')
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out position);
    }
}
