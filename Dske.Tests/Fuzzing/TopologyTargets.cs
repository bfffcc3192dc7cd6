using System.Text;
using Dske.Protocol.Topology;

namespace Dske.Tests.Fuzzing;

/// <summary>The reader of <c>topology.yaml</c>.</summary>
internal static class TopologyTargets
{
    private const string Short = """
        hubs: [{name: hank}, {name: "helen", url: "http://198.51.100.7:8100/hub/helen", dialect: guide}, {name: 'hugo'}]
        clients:
          - name: carol
            encryptors: [{name: sam, sae_id: "Sam 😀"}, {name: sara}]
          - {name: celia, url: http://198.51.100.7:8105/client/celia, encryptors: []}
        threshold: 2
        base_port: 9000
        psrd: {block_size: 262144, refill_below: 65536, refill_to: 262144}
        """;

    public static DecoderTarget Target { get; } = DecoderTarget.OfText("Topology", Rewrite, Short, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "topology.yaml")));

    /// <summary>Nothing writes a topology but people. That it is read or refused, never both, and in the words of somebody who mends it, is checked here.</summary>
    private static string? Rewrite(string text)
    {
        var isRead = TopologyFile.TryParse(text, "topology.yaml", out var topology, out var problems);
        Assert.Equal(isRead, problems.Count == 0);
        Assert.Equal(isRead, topology is not null);
        var lines = text.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 2;
        Assert.All(problems, problem =>
        {
            Assert.InRange(problem.Line, 0, lines);
            Assert.False(string.IsNullOrWhiteSpace(problem.Message));
        });

        // Escaped throughout, it may be longer than a file may be.
        return topology is not null && Write(topology) is { Length: <= TopologyFile.MaxLength } written ? written : null;
    }

    private static string Write(NetworkTopology topology)
    {
        var text = new StringBuilder();
        text.Append($"threshold: {topology.Threshold}\nbase_port: {topology.BasePort}\n");
        text.Append($"psrd: {{block_size: {topology.Psrd.BlockSize}, refill_below: {topology.Psrd.RefillBelow}, refill_to: {topology.Psrd.RefillTo}}}\nhubs:\n");
        foreach (var hub in topology.Hubs)
        {
            text.Append($"  - {{name: {Quote(hub.Name.Value)}{Url(hub.Url)}{(hub.Dialect is { } dialect ? $", dialect: {dialect.ToString().ToLowerInvariant()}" : "")}}}\n");
        }

        text.Append("clients:\n");
        foreach (var client in topology.Clients)
        {
            var encryptors = client.Encryptors.Select(encryptor => $"{{name: {Quote(encryptor.Name.Value)}, sae_id: {Quote(encryptor.SaeId.Value)}}}");
            text.Append($"  - {{name: {Quote(client.Name.Value)}{Url(client.Url)}, encryptors: [{string.Join(", ", encryptors)}]}}\n");
        }

        return text.ToString();
    }

    private static string Url(Uri? url) => url is null ? string.Empty : $", url: {Quote(url.OriginalString)}";

    /// <summary>In double quotes, everything else than letters and digits escaped.</summary>
    private static string Quote(string text) => $"\"{string.Concat(text.EnumerateRunes().Select(Escape))}\"";

    private static string Escape(Rune rune) => rune.IsAscii && Rune.IsLetterOrDigit(rune) ? rune.ToString() : $"\\U{rune.Value:x8}";
}
