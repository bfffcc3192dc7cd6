using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dske.Tests.Conformance;

/// <summary>
/// Checks values against the schemas of an API document: as much of JSON Schema as the documents use. A keyword that it does not know is a
/// failure, not passed by.
/// </summary>
/// <param name="document">The document, for references.</param>
internal sealed class JsonSchema(JsonElement document)
{
    private const string ReferencePrefix = "#/components/schemas/";

    private static readonly string[] Annotations = ["description", "examples", "default", "title"];

    /// <summary>What is wrong with a value; empty when nothing is.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="value">The value.</param>
    /// <param name="at">Where the value stands, for the messages.</param>
    public IEnumerable<string> FindProblems(JsonElement schema, JsonElement value, string at = "$")
        => schema.EnumerateObject().Where(keyword => !Annotations.Contains(keyword.Name)).SelectMany(keyword => Check(keyword, schema, value, at));

    private IEnumerable<string> Check(JsonProperty keyword, JsonElement schema, JsonElement value, string at)
    {
        var wanted = keyword.Value;
        var number = value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : (decimal?)null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var count = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : (int?)null;
        return keyword.Name switch
        {
            "$ref" => FindProblems(Resolve(wanted.GetString()!), value, at),
            "type" => Unless(TypesOf(wanted).Any(type => IsOf(type, value)), "is not of type " + wanted),
            "required" => wanted.EnumerateArray().SelectMany(name => Unless(
                value.ValueKind != JsonValueKind.Object || value.TryGetProperty(name.GetString()!, out _), "lacks " + name)),
            "properties" => Members(value).SelectMany(member => wanted.TryGetProperty(member.Name, out var inner)
                ? FindProblems(inner, member.Value, $"{at}.{member.Name}") : []),
            "additionalProperties" when wanted.ValueKind == JsonValueKind.False => Members(value).SelectMany(member => Unless(
                schema.GetProperty("properties").TryGetProperty(member.Name, out _), "has a member that is not described: " + member.Name)),
            "items" => value.ValueKind != JsonValueKind.Array ? [] : value.EnumerateArray().SelectMany((item, i) => FindProblems(wanted, item, $"{at}[{i}]")),
            "minimum" => Unless(number is null || number >= wanted.GetDecimal(), "is less than " + wanted),
            "maximum" => Unless(number is null || number <= wanted.GetDecimal(), "is more than " + wanted),
            "multipleOf" => Unless(number is null || number % wanted.GetDecimal() == 0, "is no multiple of " + wanted),
            "minLength" => Unless(text is null || text.Length >= wanted.GetInt32(), "is shorter than " + wanted),
            "maxLength" => Unless(text is null || text.Length <= wanted.GetInt32(), "is longer than " + wanted),
            "minItems" => Unless(count is null || count >= wanted.GetInt32(), "has fewer items than " + wanted),
            "maxItems" => Unless(count is null || count <= wanted.GetInt32(), "has more items than " + wanted),
            "pattern" => Unless(text is null || Regex.IsMatch(text, wanted.GetString()!, RegexOptions.ECMAScript), "does not match " + wanted),
            "format" when wanted.GetString() == "uuid" => Unless(text is null || Guid.TryParseExact(text, "D", out _), "is no UUID"),
            "contentEncoding" when wanted.GetString() == "base64" => Unless(text is null || value.TryGetBytesFromBase64(out _), "is not base64"),
            _ => [$"{at}: the schema has '{keyword.Name}', which is not checked"],
        };

        IEnumerable<string> Unless(bool holds, string problem) => holds ? [] : [$"{at} {problem}"];
    }

    private JsonElement Resolve(string reference)
    {
        Assert.StartsWith(ReferencePrefix, reference, StringComparison.Ordinal);
        return document.GetProperty("components").GetProperty("schemas").GetProperty(reference[ReferencePrefix.Length..]);
    }

    private static IEnumerable<string> TypesOf(JsonElement type)
        => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && long.TryParse(value.GetRawText(), CultureInfo.InvariantCulture, out _),
        _ => throw new NotSupportedException(type),
    };

    private static JsonElement.ObjectEnumerator Members(JsonElement value) => value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default;
}
