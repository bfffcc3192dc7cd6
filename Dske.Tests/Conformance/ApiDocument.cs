using System.Globalization;
using System.Text.Json;

namespace Dske.Tests.Conformance;

/// <summary>A node's API document, to check real exchanges against.</summary>
/// <param name="root">The document.</param>
public sealed class ApiDocument(JsonElement root)
{
    private const string Json = "application/json";

    /// <summary>Each operation below a path, such as <c>get /api/v1/keys/{sae}/status</c>, with the statuses that it is said to answer with.</summary>
    /// <param name="part">What the path has to contain.</param>
    public IReadOnlyDictionary<string, string[]> StatusesOf(string part) => root.GetProperty("paths").EnumerateObject()
        .Where(path => path.Name.Contains(part, StringComparison.Ordinal))
        .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (Name: $"{operation.Name} {path.Name}", operation.Value))
        .ToDictionary(operation => operation.Name, operation => operation.Value.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToArray());

    /// <summary>What is wrong with an exchange, or with what the document says of it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path as it went out, without a query.</param>
    /// <param name="query">The names of the query's parameters.</param>
    /// <param name="requestBody">The body of the request; null for none.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="answer">The body of the answer.</param>
    public IEnumerable<string> FindProblems(string method, string path, IEnumerable<string> query, string? requestBody, int status, string answer)
    {
        var described = root.GetProperty("paths").EnumerateObject().FirstOrDefault(known => Fits(known.Name, path));
        if (described.Value.ValueKind == JsonValueKind.Undefined)
        {
            return status == 404 ? [] : [$"the path is not described, and the answer is {status}"];
        }

        if (!described.Value.TryGetProperty(method.ToLowerInvariant(), out var operation))
        {
            return status == 405 ? [] : [$"the method is not described, and the answer is {status}"];
        }

        if (!operation.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out var response))
        {
            return [$"the answer {status} is not described"];
        }

        var schema = response.GetProperty("content").GetProperty(Json).GetProperty("schema");
        var problems = new JsonSchema(root).FindProblems(schema, JsonElement.Parse(answer));
        return status == 200 ? problems.Concat(FindRequestProblems(operation, query, requestBody)) : problems;
    }

    /// <summary>What was granted has to be what the document allows to ask for.</summary>
    private IEnumerable<string> FindRequestProblems(JsonElement operation, IEnumerable<string> query, string? body)
    {
        var parameters = operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : default;
        var required = parameters
            .Where(parameter => parameter.GetProperty("in").GetString() == "query" && parameter.TryGetProperty("required", out var isRequired) && isRequired.GetBoolean())
            .Select(parameter => parameter.GetProperty("name").GetString()!);
        var missing = required.Except(query, StringComparer.OrdinalIgnoreCase).Select(name => $"granted without the parameter {name}");
        if (!operation.TryGetProperty("requestBody", out var described))
        {
            return missing;
        }

        if (string.IsNullOrEmpty(body))
        {
            return described.TryGetProperty("required", out var isRequired) && isRequired.GetBoolean() ? missing.Append("granted without a body") : missing;
        }

        var schema = described.GetProperty("content").GetProperty(Json).GetProperty("schema");
        return missing.Concat(new JsonSchema(root).FindProblems(schema, JsonElement.Parse(body), "request"));
    }

    private static bool Fits(string template, string path)
    {
        var (wanted, found) = (template.Split('/'), path.Split('/'));
        return wanted.Length == found.Length && wanted.Zip(found).All(pair => pair.First.StartsWith('{') ? pair.Second.Length > 0 : pair.First == pair.Second);
    }
}
