using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dske.Protocol.KeyDelivery;

namespace Dske.Tests.Unit.KeyDelivery;

[Trait("Tier", "Unit")]
public sealed class KeyDeliveryJsonTests
{
    // As the standard prints it in clause 6.1, save for the names of the parties.
    private const string Status =
        """
        {"source_KME_ID":"carol","target_KME_ID":"conny","master_SAE_ID":"sam","slave_SAE_ID":"sofia","key_size":352,"stored_key_count":25000,"max_key_count":100000,"max_key_per_request":128,"max_key_size":1024,"min_key_size":64,"max_SAE_ID_count":0}
        """;

    [Fact]
    public void A_status_has_the_eleven_names_of_the_standard()
    {
        var status = Read(Status, KeyDeliveryJson.Default.KmeStatus);

        Assert.Equal(
            new KmeStatus
            {
                SourceKmeId = "carol",
                TargetKmeId = "conny",
                MasterSaeId = "sam",
                SlaveSaeId = "sofia",
                KeySize = 352,
                StoredKeyCount = 25_000,
                MaxKeyCount = 100_000,
                MaxKeyPerRequest = 128,
                MaxKeySize = 1024,
                MinKeySize = 64,
                MaxSaeIdCount = 0,
            },
            status);
        Assert.Equal(Status, JsonSerializer.Serialize(status, KeyDeliveryJson.Default.KmeStatus));
    }

    [Fact]
    public void A_status_without_one_of_them_is_refused()
    {
        using var whole = JsonDocument.Parse(Status);
        foreach (var missing in whole.RootElement.EnumerateObject())
        {
            var rest = whole.RootElement.EnumerateObject().Where(member => member.Name != missing.Name).ToDictionary(member => member.Name, member => member.Value);

            Assert.Null(Read(JsonSerializer.Serialize(rest), KeyDeliveryJson.Default.KmeStatus));
        }
    }

    [Fact]
    public void A_key_request_may_be_empty()
    {
        Assert.Equal(new KeyRequest(), Read("{}", KeyDeliveryJson.Default.KeyRequest));
        Assert.Equal("{}", JsonSerializer.Serialize(new KeyRequest(), KeyDeliveryJson.Default.KeyRequest));
    }

    [Fact]
    public void A_key_request_is_read_with_all_its_members_and_strangers_ignored()
    {
        var request = Read(
            """
            {"number":3,"size":1024,"additional_slave_SAE_IDs":["susan","sunny"],
             "extension_mandatory":[{"abc_route_type":"direct"},{"abc_transfer_method":{"x":[1]}}],
             "extension_optional":[{"abc_max_age":30000}],"additional_target_sae_ids":[]}
            """,
            KeyDeliveryJson.Default.KeyRequest);

        Assert.NotNull(request);
        Assert.Equal(3, request.Number);
        Assert.Equal(1024, request.Size);
        Assert.Equal(["susan", "sunny"], request.AdditionalSlaveSaeIds!);
        Assert.Equal("direct", request.ExtensionMandatory![0]["abc_route_type"].GetString());
        Assert.Equal("{\"x\":[1]}", request.ExtensionMandatory![1]["abc_transfer_method"].GetRawText());
        Assert.Equal(30_000, request.ExtensionOptional![0]["abc_max_age"].GetInt32());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"number\":\"3\"}")]
    [InlineData("{\"number\":1.5}")]
    [InlineData("{\"number\":99999999999}")]
    [InlineData("{\"number\":1,\"number\":2}")]
    [InlineData("{\"size\":true}")]
    [InlineData("{\"additional_slave_SAE_IDs\":\"susan\"}")]
    [InlineData("{\"additional_slave_SAE_IDs\":[1]}")]
    [InlineData("{\"additional_slave_SAE_IDs\":[null]}")]
    [InlineData("{\"extension_optional\":[null]}")]
    [InlineData("{\"extension_mandatory\":[null]}")]
    [InlineData("{\"extension_mandatory\":{}}")]
    [InlineData("{\"extension_mandatory\":[1]}")]
    [InlineData("{\"size\":256}x")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"additional_slave_SAE_IDs\":[\"\\ud800\"]}")]
    [InlineData("{\"size\":256")]
    [InlineData("{\"x\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}")]
    public void A_malformed_key_request_is_refused(string json) => Assert.Null(Read(json, KeyDeliveryJson.Default.KeyRequest));

    [Fact]
    public void Key_ids_are_objects_in_lower_case()
    {
        var request = new KeyIdsRequest { KeyIds = [new RequestedKeyId { KeyId = Guid.Parse("BC490419-7D60-487F-ADC1-4DDCC177C139") }] };
        const string Text = """{"key_IDs":[{"key_ID":"bc490419-7d60-487f-adc1-4ddcc177c139"}]}""";

        Assert.Equal(Text, JsonSerializer.Serialize(request, KeyDeliveryJson.Default.KeyIdsRequest));
        Assert.Equal(request.KeyIds, Read(Text, KeyDeliveryJson.Default.KeyIdsRequest)!.KeyIds);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"key_IDs\":null}")]
    [InlineData("{\"key_IDs\":[null]}")]
    [InlineData("{\"key_IDs\":[\"bc490419-7d60-487f-adc1-4ddcc177c139\"]}")]
    [InlineData("{\"key_IDs\":[{}]}")]
    [InlineData("{\"key_IDs\":[{\"key_ID\":\"no uuid\"}]}")]
    public void Malformed_key_ids_are_refused(string json) => Assert.Null(Read(json, KeyDeliveryJson.Default.KeyIdsRequest));

    [Theory]
    [InlineData("""{"message":"key data access error"}""")]
    [InlineData("""{"message":"key data access error","details":[{"extension_mandatory_unsupported":"abc"}]}""")]
    [InlineData("""{"message":"key data access error","details":["as some write it"]}""")]
    public void An_error_is_read_whatever_its_details_are(string json)
    {
        var error = Read(json, KeyDeliveryJson.Default.KeyDeliveryError);

        Assert.Equal("key data access error", error?.Message);
        Assert.Equal(json, JsonSerializer.Serialize(error, KeyDeliveryJson.Default.KeyDeliveryError!));
    }

    private static T? Read<T>(string json, JsonTypeInfo<T> contract)
        where T : class =>
        KeyDeliveryJson.TryRead(Encoding.UTF8.GetBytes(json), contract, out var value) ? value : null;
}
