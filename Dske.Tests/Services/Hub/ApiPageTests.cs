using System.Text.Json;

namespace Dske.Tests.Services.Hub;

/// <summary>The hub's API document and page.</summary>
[Trait("Tier", "Services")]
public sealed class ApiPageTests
{
    private static readonly Dictionary<string, string[]> Routes = new()
    {
        ["put /hub/{hub}/dske/oob/v1/registration"] = ["200", "400", "401", "403", "404", "409", "413", "415", "429", "503"],
        ["get /hub/{hub}/dske/oob/v1/psrd"] = ["200", "400", "401", "403", "404", "429", "503"],
        ["post /hub/{hub}/dske/api/v1/key-share"] = ["200", "400", "401", "403", "404", "408", "409", "413", "415", "429", "503"],
        ["get /hub/{hub}/dske/api/v1/key-share"] = ["200", "400", "401", "403", "404", "503"],
        ["post /hub/{hub}/dske/api/v1/key-shares"] = ["200", "400", "401", "403", "404", "408", "409", "413", "415", "429", "503"],
        ["get /hub/{hub}/dske/api/v1/key-shares"] = ["200", "400", "401", "403", "404", "503"],
        ["get /hub/{hub}/dske/api/v1/encryptors"] = ["200", "400", "401", "403", "404", "503"],
        ["get /hub/{hub}/dske/api/v1/sync"] = ["200", "400", "401", "403", "404", "409", "410", "503"],
        ["get /hub/{hub}/dske/api/v1/link"] = ["200", "400", "401", "403", "404", "503"],
        ["post /hub/{hub}/mgmt/v1/psrd/export"] = ["200", "400", "403", "404", "409", "413", "415", "429", "503"],
        ["get /hub/{hub}/mgmt/v1/psrd/exports"] = ["200", "403", "404", "503"],
        ["delete /hub/{hub}/mgmt/v1/psrd/exports/{file}"] = ["200", "403", "404", "503"],
        ["get /hub/{hub}/mgmt/v1/status"] = ["200", "403", "404"],
        ["post /hub/{hub}/mgmt/v1/stop"] = ["202", "403", "404"],
    };

    [Fact]
    public async Task The_document_describes_every_route_and_every_answer()
    {
        await using var hub = HubNode.Start();

        await ApiPages.AssertDocumentAsync(hub, "Hub hank", Routes);
    }

    [Theory]
    [InlineData("get", "/hub/{hub}/dske/api/v1/key-share", "DSKE-Signature bind client_name hub key_id master_sae_id slave_sae_id")]
    [InlineData("post", "/hub/{hub}/dske/api/v1/key-share", "DSKE-Signature also bind hub")]
    [InlineData("post", "/hub/{hub}/dske/api/v1/key-shares", "DSKE-Signature also bind hub")]
    [InlineData("get", "/hub/{hub}/dske/api/v1/key-shares", "DSKE-Signature bind client_name hub key_ids master_sae_id slave_sae_id")]
    [InlineData("get", "/hub/{hub}/dske/api/v1/encryptors", "DSKE-Signature bind client_name hub sae_id")]
    [InlineData("get", "/hub/{hub}/dske/api/v1/sync", "DSKE-Signature bind client_name client_owned enrols hub hub_owned instance turn")]
    [InlineData("get", "/hub/{hub}/dske/api/v1/link", "client_name file hub")]
    [InlineData("post", "/hub/{hub}/mgmt/v1/psrd/export", "DSKE-Courier-Secret hub")]
    [InlineData("get", "/hub/{hub}/dske/oob/v1/psrd", "client_name hub owner pool_owner size")]
    [InlineData("put", "/hub/{hub}/dske/oob/v1/registration", "DSKE-Instance DSKE-Network DSKE-Start-Over hub")]
    public async Task The_document_names_every_parameter(string method, string path, string parameters)
    {
        await using var hub = HubNode.Start();

        using var document = JsonDocument.Parse(await hub.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        var operation = document.RootElement.GetProperty("paths").GetProperty(path).GetProperty(method);
        Assert.Equal(
            parameters.Split(' '),
            operation.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_document_says_which_routes_want_an_enrolment_token(bool wanted)
    {
        using var folder = new EnrolmentFolder();
        await using var hub = wanted ? HubNode.Start(more: folder.SettingsOf("hank")) : HubNode.Start();

        using var document = JsonDocument.Parse(await hub.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));

        var operations = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (Path: path.Name, operation.Value));
        foreach (var (path, operation) in operations)
        {
            var secured = operation.TryGetProperty("security", out var security)
                && Assert.Single(security.EnumerateArray()).EnumerateObject().Single().Name == "enrolment";
            Assert.Equal(wanted && path.Contains("/oob/", StringComparison.Ordinal), secured);
        }

        if (wanted)
        {
            var scheme = document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("enrolment");
            Assert.Equal(("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));
        }
    }

    [Fact]
    public async Task The_page_needs_nothing_from_anywhere_else()
    {
        await using var hub = HubNode.Start();

        await ApiPages.AssertPageAsync(hub, "Hub hank");
    }
}
