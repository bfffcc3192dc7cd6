using System.Text.Json;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Topology;

namespace Dske.Tests.Vectors;

/// <summary>The PSRD of a capture, cut without the help of a pool.</summary>
internal sealed class RecordedPsrd(WireVectors.Capture capture)
{
    private readonly Dictionary<Guid, byte[]> _blocks =
        capture.PsrdBlocks.ToDictionary(block => block.BlockUuid, block => Convert.FromBase64String(block.DataBase64));

    /// <summary>The network of both captures.</summary>
    public static NetworkShape Network { get; } = new([.. new[] { "hank", "helen", "hilary", "holly", "hugo" }.Select(NodeName.Parse)], 3);

    /// <summary>A block by its UUID.</summary>
    public byte[] this[Guid block] => _blocks[block];

    /// <summary>How many blocks there are.</summary>
    public int Count => _blocks.Count;

    /// <summary>The bytes that an allocation names, used or not.</summary>
    public byte[] Cut(Allocation allocation) =>
    [
        .. allocation.Fragments.ToArray().SelectMany(
            fragment => _blocks[fragment.BlockId].AsSpan((int)fragment.Start, (int)fragment.Size).ToArray()),
    ];

    /// <summary>The allocation in a message of the reference, whatever else is wrong with the message.</summary>
    public static Allocation AllocationOf(JsonElement message)
    {
        var options = new JsonSerializerOptions();
        MessageJson.AddConverters(options, Dialect.Reference);
        return message.GetProperty("encryption_key_allocation").Deserialize<Allocation>(options)!;
    }
}
