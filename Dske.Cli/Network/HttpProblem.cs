using System.Text.Json;

namespace Dske.Cli.Network;

/// <summary>What a node says of its refusal (RFC 9457).</summary>
internal static class HttpProblem
{
    private const int MaxLength = 512;

    /// <summary>Reads it: its detail or, where it has none, the status; one line without control characters.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="stop">Ends the reading.</param>
    public static async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken stop) => (await ReadWithTypeAsync(answer, stop)).Detail;

    /// <summary>Reads it with its type, by which programs know it; null where it has none.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="stop">Ends the reading.</param>
    public static async Task<(string Detail, string? Type)> ReadWithTypeAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            using var problem = await JsonDocument.ParseAsync(body, default, stop);
            if (problem.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("detail", out var detail)
                && detail.ValueKind == JsonValueKind.String)
            {
                var errors = root.TryGetProperty("errors", out var members) && members.ValueKind == JsonValueKind.Object
                    ? members.EnumerateObject().SelectMany(member => member.Value.EnumerateArray()).Select(error => " " + error.GetString())
                    : [];
                var type = root.TryGetProperty("type", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
                return (OneLine(detail.GetString() + string.Concat(errors)), type);
            }
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException or InvalidOperationException)
        {
            // No problem details: the status has to do.
        }

        return ($"it answers {(int)answer.StatusCode}.", null);
    }

    private static string OneLine(string text) => string.Concat(text.Where(static c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(MaxLength));
}
