using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Fuzzing;

/// <summary>Readers of the bodies of ETSI GS QKD 014, at either end.</summary>
internal static class KeyDeliveryTargets
{
    private const string Id = "bc490419-7d60-487f-adc1-4ddcc177c139";

    public static IEnumerable<DecoderTarget> All =>
    [
        Of(
            KeyDeliveryJson.Default.KeyRequest,
            """{"number":2,"size":256,"additional_slave_SAE_IDs":["sofia"],"extension_mandatory":[{"a":{"b":[1,"c"]}}],"extension_optional":[{"d":null}]}""", "{}"),
        Of(
            KeyDeliveryJson.Default.KeyIdsRequest,
            $$$"""{"key_IDs":[{"key_ID":"{{{Id}}}","key_ID_extension":{"x":[true]}},{"key_ID":"{{{Id}}}"}],"key_IDs_extension":{"y":1e3}}"""),
        Of(
            KeyDeliveryJson.Default.KmeStatus,
            """
            {"source_KME_ID":"carol","target_KME_ID":"conny","master_SAE_ID":"sam","slave_SAE_ID":"sofia","key_size":256,"stored_key_count":10,"max_key_count":100,
            "max_key_per_request":128,"max_key_size":65536,"min_key_size":64,"max_SAE_ID_count":0,"status_extension":{"z":"ä"}}
            """),
        Of(KeyDeliveryJson.Default.KeyDeliveryError, """{"message":"not found","details":[{"name":"value"},"text"]}""", """{"message":""}"""),
        new DecoderTarget(
            "Key container",
            [Encoding.UTF8.GetBytes($$$"""{"keys":[{"key_ID":"{{{Id}}}","key":"AAECAw=="},{"key":"AAEC","key_ID":"{{{Id}}}","x":[{}]}],"y":{"keys":[]}}"""), "{\"keys\":[]}"u8.ToArray()],
            RewriteKeys),
    ];

    private static DecoderTarget Of<T>(JsonTypeInfo<T> contract, params string[] corpus)
        where T : class => new(
            typeof(T).Name,
            [.. corpus.Select(Encoding.UTF8.GetBytes)],
            bytes => KeyDeliveryJson.TryRead(bytes, contract, out var value) ? Write(value, contract) : null);

    private static byte[]? Write<T>(T value, JsonTypeInfo<T> contract)
    {
        // Whoever goes through a list does not look for nulls.
        Assert.DoesNotContain(null, (value as KeyIdsRequest)?.KeyIds ?? []);
        Assert.DoesNotContain(null, (value as KeyRequest)?.AdditionalSlaveSaeIds ?? []);
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(value, contract);
        }
        catch (JsonException)
        {
            // An extension is kept as it came, and may have half a surrogate pair in it. Nobody looks into it, and nobody writes it.
            return null;
        }
    }

    private static byte[]? RewriteKeys(byte[] utf8)
    {
        if (!KeyContainerCodec.TryRead(utf8, out var container))
        {
            return null;
        }

        using (container)
        using (var written = new SecretBufferWriter())
        {
            KeyContainerCodec.Write(container, written);
            return written.WrittenSpan.ToArray();
        }
    }
}
