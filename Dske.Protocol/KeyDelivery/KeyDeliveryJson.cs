using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Dske.Protocol.KeyDelivery;

/// <summary>
/// The contracts of ETSI GS QKD 014 that carry no key: exact names, compact, absent members left out, numbers never as strings,
/// duplicate members refused, unknown members ignored (clients in use send some). Keys go through <see cref="KeyContainerCodec"/>.
/// </summary>
[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyIdsRequest))]
[JsonSerializable(typeof(KmeStatus))]
[JsonSerializable(typeof(KeyDeliveryError))]
public sealed partial class KeyDeliveryJson : JsonSerializerContext
{
    /// <summary>Reads what a peer sent.</summary>
    /// <typeparam name="T">One of the contracts of this context.</typeparam>
    /// <param name="utf8">The whole text.</param>
    /// <param name="contract">The contract, from <see cref="Default"/>.</param>
    /// <param name="value">What was read, when the result is true.</param>
    /// <returns>False when the text is not JSON of this contract.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="contract"/> is null.</exception>
    public static bool TryRead<T>(
        ReadOnlySpan<byte> utf8,
        JsonTypeInfo<T> contract,
        [NotNullWhen(true)] out T? value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(contract);
        try
        {
            value = JsonSerializer.Deserialize(utf8, contract);
            return value is not null && !HasNullElements(value);
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }

    // A list declared to hold no nulls is read with them all the same.
    private static bool HasNullElements(object value) => value switch
    {
        KeyIdsRequest request => request.KeyIds.Any(static id => id is null),
        KeyRequest request => request.AdditionalSlaveSaeIds?.Any(static id => id is null) == true
            || request.ExtensionMandatory?.Any(static extension => extension is null) == true
            || request.ExtensionOptional?.Any(static extension => extension is null) == true,
        _ => false,
    };
}
