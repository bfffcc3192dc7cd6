using System.Text.Json.Serialization;
using Dske.Protocol.Psrd;

namespace Dske.Protocol.Courier;

/// <summary>A block that a couriered file carries.</summary>
public sealed record CourierBlock
{
    /// <summary>The most bytes of one block: 256 MiB. What is larger travels as several.</summary>
    public const long MaxSize = 256L * 1024 * 1024;

    /// <summary>Which end allocates from it.</summary>
    [JsonPropertyName("owner"), JsonPropertyOrder(0), JsonConverter(typeof(CourierOwnerConverter))]
    public required PoolOwner Owner { get; init; }

    /// <summary>The block's UUID.</summary>
    [JsonPropertyName("uuid"), JsonPropertyOrder(1)]
    public required Guid Id { get; init; }

    /// <summary>Its size, in bytes: 1 to <see cref="MaxSize"/>.</summary>
    [JsonPropertyName("size"), JsonPropertyOrder(2)]
    public required long Size { get; init; }
}
