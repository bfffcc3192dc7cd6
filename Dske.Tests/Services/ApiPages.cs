using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace Dske.Tests.Services;

/// <summary>What every node's API document and page have to be like.</summary>
internal static partial class ApiPages
{
    /// <summary>Checks that a node's document has exactly these routes, each described, with exactly these answers.</summary>
    public static async Task AssertDocumentAsync<T>(ServiceNode<T> node, string title, IReadOnlyDictionary<string, string[]> routes)
        where T : class
    {
        var text = await node.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        var diagnostic = OpenApiDocument.Parse(text, OpenApiConstants.Json).Diagnostic!;
        Assert.Empty(diagnostic.Errors.Concat(diagnostic.Warnings).Select(problem => problem.ToString()));
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        Assert.Equal(title, root.GetProperty("info").GetProperty("title").GetString());
        Assert.False(string.IsNullOrWhiteSpace(root.GetProperty("info").GetProperty("description").GetString()));

        var operations = root.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (Name: $"{operation.Name} {path.Name}", operation.Value))
            .ToDictionary(operation => operation.Name, operation => operation.Value);
        Assert.Equal(routes.Keys.Order(StringComparer.Ordinal), operations.Keys.Order(StringComparer.Ordinal));
        var problems = operations.SelectMany(operation => ProblemsOf(operation.Value, routes[operation.Key]).Select(problem => $"{operation.Key}: {problem}")).ToList();
        Assert.True(problems.Count == 0, string.Join('\n', problems));

        var undescribed = root.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Where(schema => schema.Name != "ProblemDetails" && schema.Value.TryGetProperty("properties", out _))
            .SelectMany(schema => schema.Value.GetProperty("properties").EnumerateObject()
                .Where(property => !HasText(property.Value, "description") && !IsReference(property.Value))
                .Select(property => $"{schema.Name}.{property.Name}"));
        Assert.Empty(undescribed);
    }

    /// <summary>Checks that a node's page and its scripts are served, and that they need nothing from anywhere else.</summary>
    public static async Task AssertPageAsync<T>(ServiceNode<T> node, string title)
        where T : class
    {
        using var response = await node.Client.GetAsync("/scalar/", TestContext.Current.CancellationToken);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains($"<title>{title}</title>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("//", html, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; ", string.Join("; ", response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var scripts = Scripts().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            using var served = await node.Client.GetAsync($"/scalar/{script}", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
    }

    private static IEnumerable<string> ProblemsOf(JsonElement operation, string[] statuses)
    {
        foreach (var member in new[] { "summary", "description", "operationId" })
        {
            if (!HasText(operation, member))
            {
                yield return $"no {member}";
            }
        }

        if (!operation.TryGetProperty("tags", out var tags) || tags.GetArrayLength() == 0)
        {
            yield return "no tag";
        }

        var responses = operation.GetProperty("responses").EnumerateObject().ToDictionary(response => response.Name, response => response.Value);
        foreach (var status in statuses.Except(responses.Keys))
        {
            yield return $"the answer {status} is missing";
        }

        foreach (var (status, response) in responses)
        {
            if (!statuses.Contains(status))
            {
                yield return $"the answer {status} never comes";
            }

            if (!response.TryGetProperty("content", out _))
            {
                yield return $"the answer {status} has no content";
            }
        }

        var parameters = operation.TryGetProperty("parameters", out var listed) ? listed.EnumerateArray().ToList() : [];
        foreach (var parameter in parameters.Where(parameter => !HasText(parameter, "description")))
        {
            yield return $"the parameter {parameter.GetProperty("name")} is not described";
        }
    }

    /// <summary>What is described where it is defined; the framework leaves no room for more.</summary>
    private static bool IsReference(JsonElement schema) => schema.TryGetProperty("$ref", out _) || schema.TryGetProperty("oneOf", out _);

    private static bool HasText(JsonElement element, string member) => element.TryGetProperty(member, out var text) && !string.IsNullOrWhiteSpace(text.GetString());

    [GeneratedRegex("src=\"([^\"]+)\"")]
    private static partial Regex Scripts();
}
