using System.Text.Json;

namespace Dske.Tests.Services.Client;

/// <summary>The client's API document and page.</summary>
[Trait("Tier", "Services")]
public sealed class ApiPageTests
{
    private const string StandardPath = "/api/v1/keys/{sae}";
    private const string KeyPath = "/client/{client}/etsi" + StandardPath;

    private static readonly Dictionary<string, string[]> Routes = new()
    {
        [$"get {KeyPath}/status"] = ["200", "400", "401", "403", "404", "503"],
        [$"get {KeyPath}/enc_keys"] = ["200", "400", "401", "403", "404", "503"],
        [$"post {KeyPath}/enc_keys"] = ["200", "400", "401", "403", "404", "413", "415", "503"],
        [$"get {KeyPath}/dec_keys"] = ["200", "400", "401", "403", "404", "503"],
        [$"post {KeyPath}/dec_keys"] = ["200", "400", "401", "403", "404", "413", "415", "503"],
        ["get /capabilities"] = ["200", "401", "403", "404", "500"],
        ["get /key"] = ["200", "400", "401", "403", "404", "500", "503"],
        ["get /key/{keyId}"] = ["200", "400", "401", "403", "404", "500", "503"],
        ["get /entropy"] = ["200", "400", "401", "403", "404", "500", "503"],
        ["get /client/{client}/skip/capabilities"] = ["200", "401", "403", "404", "500"],
        ["get /client/{client}/skip/key"] = ["200", "400", "401", "403", "404", "500", "503"],
        ["get /client/{client}/skip/key/{keyId}"] = ["200", "400", "401", "403", "404", "500", "503"],
        ["get /client/{client}/skip/entropy"] = ["200", "400", "401", "403", "404", "500", "503"],
        [$"get {StandardPath}/status"] = ["200", "400", "401", "403", "503"],
        [$"get {StandardPath}/enc_keys"] = ["200", "400", "401", "403", "503"],
        [$"post {StandardPath}/enc_keys"] = ["200", "400", "401", "403", "413", "415", "503"],
        [$"get {StandardPath}/dec_keys"] = ["200", "400", "401", "403", "503"],
        [$"post {StandardPath}/dec_keys"] = ["200", "400", "401", "403", "413", "415", "503"],
        ["post /client/{client}/mgmt/v1/psrd/import"] = ["200", "400", "403", "404", "409", "413", "415", "429", "503"],
        ["get /client/{client}/mgmt/v1/status"] = ["200", "403", "404"],
        ["post /client/{client}/mgmt/v1/stop"] = ["202", "403", "404"],
    };

    [Fact]
    public async Task The_document_describes_every_route_and_every_answer()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);

        await ApiPages.AssertDocumentAsync(carol, "Client carol", Routes);
    }

    [Fact]
    public async Task The_document_describes_errors_of_key_delivery_in_the_standards_format()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);

        using var document = JsonDocument.Parse(await carol.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Name.Contains(StandardPath, StringComparison.Ordinal)))
        {
            foreach (var response in path.Value.EnumerateObject().SelectMany(operation => operation.Value.GetProperty("responses").EnumerateObject()))
            {
                var content = Assert.Single(response.Value.GetProperty("content").EnumerateObject());
                Assert.Equal("application/json", content.Name);
                Assert.True(
                    response.Name == "200" || content.Value.GetProperty("schema").GetProperty("$ref").GetString()!.EndsWith("/KeyDeliveryError", StringComparison.Ordinal),
                    $"{path.Name} {response.Name}: {content.Value}");
            }
        }
    }

    [Fact]
    public async Task The_document_describes_answers_errors_and_parameters_of_SKIP()
    {
        await using var carol = ClientNode.Start(
            "carol", ["sam"], more: [("Dske:Client:Keys:MinSize", "256"), ("Dske:Client:Keys:DefaultSize", "512"), ("Dske:Client:Keys:MaxSize", "4096")]);

        using var document = JsonDocument.Parse(await carol.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        var operations = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (path.Name, operation.Value))
            .Where(operation => operation.Value.GetProperty("tags")[0].GetString() == "SKIP").ToList();
        Assert.Equal(8, operations.Count);
        foreach (var (path, operation) in operations)
        {
            foreach (var response in operation.GetProperty("responses").EnumerateObject())
            {
                var content = Assert.Single(response.Value.GetProperty("content").EnumerateObject());
                Assert.Equal("application/json", content.Name);
                Assert.True(
                    response.Name == "200" ? content.Value.TryGetProperty("example", out _) : content.Value.GetProperty("schema").GetProperty("$ref").GetString()!.EndsWith("/SkipError", StringComparison.Ordinal),
                    $"{path} {response.Name}: {content.Value}");
            }

            var parameters = operation.TryGetProperty("parameters", out var listed) ? listed.EnumerateArray().ToList() : [];
            Assert.All(parameters, parameter => Assert.NotEmpty(parameter.GetProperty("example").ToString()));
            Assert.All(
                parameters.Where(parameter => parameter.GetProperty("name").GetString() is "size" or "minentropy"),
                parameter => Assert.Equal(("integer", 8), (parameter.GetProperty("schema").GetProperty("type").GetString(), parameter.GetProperty("schema").GetProperty("multipleOf").GetInt32())));
            Assert.Equal(path.Contains("/key", StringComparison.Ordinal), parameters.Exists(parameter => parameter.GetProperty("name").GetString() == "remoteSystemID" && parameter.GetProperty("required").GetBoolean()));
        }

        var key = operations.Single(operation => operation.Name == "/key").Value;
        var members = key.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json")
            .GetProperty("schema").GetProperty("properties").EnumerateObject().ToList();
        Assert.Equal(["keyId", "key"], members.Select(member => member.Name));
        Assert.All(members, member => Assert.NotEmpty(member.Value.GetProperty("description").GetString()!));
        Assert.Equal(
            """{"multipleOf":8,"maximum":4096,"minimum":256,"type":"integer","default":512}""",
            Compact(key.GetProperty("parameters").EnumerateArray().Single(parameter => parameter.GetProperty("name").GetString() == "size").GetProperty("schema")));
        Assert.True(key.GetProperty("responses").GetProperty("503").GetProperty("headers").TryGetProperty("Retry-After", out _));

        var answers = operations.Select(operation => operation.Value.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema"));
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.All(
            answers.Where(schema => schema.TryGetProperty("properties", out _)).Append(schemas.GetProperty("SkipCapabilities")).Append(schemas.GetProperty("SkipError")),
            schema => Assert.All(schema.GetProperty("properties").EnumerateObject(), member => Assert.Equal(1, member.Value.GetProperty("examples").GetArrayLength())));
    }

    [Fact]
    public async Task Callers_of_key_delivery_name_themselves_in_a_header_or_by_a_certificate()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);

        using var document = JsonDocument.Parse(await carol.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        var schemes = document.RootElement.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal(("apiKey", "mutualTLS"), (schemes.GetProperty("callingSae").GetProperty("type").GetString(), schemes.GetProperty("clientCertificate").GetProperty("type").GetString()));
        var operations = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (path.Name, operation.Value)).ToList();
        Assert.All(operations, operation => Assert.Equal(
            operation.Name.Contains(StandardPath, StringComparison.Ordinal) ? """[{"callingSae":[]},{"clientCertificate":[]}]""" : "",
            operation.Value.TryGetProperty("security", out var ways) ? Compact(ways) : ""));
        Assert.Equal(15, document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("KeyRequest").GetProperty("properties")
            .GetProperty("additional_slave_SAE_IDs").GetProperty("maxItems").GetInt32());
    }

    [Fact]
    public async Task The_document_shows_an_example_of_every_member_and_of_every_answer_of_key_delivery()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);

        using var document = JsonDocument.Parse(await carol.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        foreach (var schema in (string[])["KmeStatus", "KeyRequest", "KeyIdsRequest", "KeyContainer", "KeyDeliveryError"])
        {
            AssertExamples(schema, schemas.GetProperty(schema));
        }

        foreach (var operation in document.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Name.Contains(StandardPath, StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => operation.Value)))
        {
            Assert.All(
                operation.GetProperty("responses").EnumerateObject(),
                response => Assert.True(response.Value.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _), response.Name));
            Assert.All(operation.GetProperty("parameters").EnumerateArray(), parameter => Assert.True(parameter.TryGetProperty("example", out _), $"{parameter}"));
        }

        static void AssertExamples(string name, JsonElement schema)
        {
            foreach (var property in schema.GetProperty("properties").EnumerateObject())
            {
                Assert.True(property.Value.TryGetProperty("examples", out _) && property.Value.TryGetProperty("description", out _), $"{name}.{property.Name}");
                if (property.Value.TryGetProperty("items", out var items) && items.TryGetProperty("properties", out _))
                {
                    AssertExamples($"{name}.{property.Name}", items);
                }
            }
        }
    }

    [Fact]
    public async Task The_page_needs_nothing_from_anywhere_else()
    {
        await using var carol = ClientNode.Start("carol", ["sam"]);

        await ApiPages.AssertPageAsync(carol, "Client carol");
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
