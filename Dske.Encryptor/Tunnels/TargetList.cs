using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Tunnels;

/// <summary>Where tunnels that peers open may lead. Immutable.</summary>
internal sealed class TargetList
{
    private readonly List<(string Host, int First, int Last)> _entries;

    private TargetList(List<(string Host, int First, int Last)> entries) => _entries = entries;

    /// <summary>Reads entries such as <c>127.0.0.1:9002</c>, <c>[::1]:9000-9999</c> or <c>db.example:5432</c>.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="list">The list, when the result is true.</param>
    /// <param name="wrong">The first entry that is none, when the result is false.</param>
    public static bool TryParse(IEnumerable<string> entries, [NotNullWhen(true)] out TargetList? list, [NotNullWhen(false)] out string? wrong)
    {
        (list, wrong) = (null, null);
        var parsed = new List<(string, int, int)>();
        foreach (var entry in entries)
        {
            var dash = entry.LastIndexOf('-');
            var isRange = dash > entry.LastIndexOf(':');
            var last = 0;
            if (!StreamTarget.TryParse(isRange ? entry[..dash] : entry, out var first)
                || (isRange && (!int.TryParse(entry.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out last)
                    || last < first.Port
                    || last > ushort.MaxValue)))
            {
                wrong = entry;
                return false;
            }

            parsed.Add((first.Host!, first.Port, isRange ? last : first.Port));
        }

        list = new TargetList(parsed);
        return true;
    }

    /// <summary>Whether a tunnel may lead there. A name is compared as it is, and not with the addresses that it has.</summary>
    public bool Allows(StreamTarget target) => _entries.Exists(entry =>
        entry.Host.Equals(target.Host, StringComparison.OrdinalIgnoreCase) && target.Port >= entry.First && target.Port <= entry.Last);
}
