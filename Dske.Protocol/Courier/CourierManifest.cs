using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Courier;

/// <summary>What a couriered file says once it is open: whom it is for, and which blocks follow. Sealed like the blocks.</summary>
public sealed record CourierManifest
{
    /// <summary>The most bytes of a manifest as JSON: 512 KiB.</summary>
    public const int MaxLength = 512 * 1024;

    /// <summary>The most blocks in one file: as many as one sync can name.</summary>
    public const int MaxBlocks = SyncQuery.MaxBlocks;

    /// <summary>The hub that made the file.</summary>
    [JsonPropertyName("hub"), JsonPropertyOrder(0)]
    public required string Hub { get; init; }

    /// <summary>The hub's instance when it made the file.</summary>
    [JsonPropertyName("hub_instance"), JsonPropertyOrder(1)]
    public required Guid HubInstance { get; init; }

    /// <summary>The client that the file is for.</summary>
    [JsonPropertyName("client"), JsonPropertyOrder(2)]
    public required string Client { get; init; }

    /// <summary>The client's instance that the file is for; null in a file that enrols, which is for whichever one imports it first.</summary>
    [JsonPropertyName("client_instance"), JsonPropertyOrder(3)]
    public required Guid? ClientInstance { get; init; }

    /// <summary>
    /// In a file that enrols, the link that begins with it: files that were made before the first of them was imported have the same one. Null in a
    /// file that refills a link.
    /// </summary>
    [JsonPropertyName("enrols"), JsonPropertyOrder(4)]
    public required Guid? Enrols { get; init; }

    /// <summary>The hash of the network that the hub means (<see cref="Topology.NetworkShape.ComputeHash"/>).</summary>
    [JsonPropertyName("network"), JsonPropertyOrder(5)]
    public required string Network { get; init; }

    /// <summary>In a file that enrols, the SAE IDs of the client besides its own name; empty otherwise.</summary>
    [JsonPropertyName("encryptors"), JsonPropertyOrder(6)]
    public required IReadOnlyList<string> Encryptors { get; init; }

    /// <summary>When the file was made, by the hub's clock.</summary>
    [JsonPropertyName("made_at"), JsonPropertyOrder(7)]
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>The blocks, in the order in which their bytes follow: 1 to <see cref="MaxBlocks"/>.</summary>
    [JsonPropertyName("blocks"), JsonPropertyOrder(8)]
    public required IReadOnlyList<CourierBlock> Blocks { get; init; }

    /// <summary>How many bytes of a pool the file carries.</summary>
    /// <param name="owner">The end that allocates from the pool.</param>
    public long BytesFor(PoolOwner owner) => Blocks.Where(block => block.Owner == owner).Sum(block => block.Size);

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The JSON, in UTF-8.</param>
    /// <returns>The manifest; null when the JSON is none, or says what no hub would say.</returns>
    internal static CourierManifest? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(json, Json.CourierManifest);
            return manifest is { } read && read.IsSound() ? read : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Writes the manifest.</summary>
    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json.CourierManifest);

    private static CourierManifestJson Json { get; } = new(new JsonSerializerOptions(JsonSerializerOptions.Strict)
    {
        MaxDepth = 4,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private bool IsSound() =>
        NodeName.TryParse(Hub, out _)
        && NodeName.TryParse(Client, out _)
        && ClientInstance is null != Enrols is null
        && Network.Length is > 0 and <= 128
        && Encryptors.Count <= RegistrationRequest.MaxEncryptors
        && Encryptors.All(encryptor => SaeId.TryParse(encryptor, out _))
        && Encryptors.Distinct(StringComparer.Ordinal).Count() == Encryptors.Count
        && (Enrols is not null || Encryptors.Count == 0)
        && Blocks.Count is > 0 and <= MaxBlocks
        && Blocks.All(block => block is { Size: > 0 and <= CourierBlock.MaxSize })
        && Blocks.DistinctBy(block => block.Id).Count() == Blocks.Count;
}
