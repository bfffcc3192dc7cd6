using Dske.Protocol.Courier;
using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Hubs;

/// <summary>How what travels by courier is cut into blocks.</summary>
internal static class CourierBlocks
{
    /// <summary>The fewest bytes for a pool: less would hardly do more than begin a link.</summary>
    public const int MinSize = 4096;

    /// <summary>Divides as many bytes for either pool into as few blocks as possible, all of about the same size.</summary>
    public static IReadOnlyList<CourieredBlock> Divide(long size, IEntropySource entropy)
    {
        var count = (size + CourierBlock.MaxSize - 1) / CourierBlock.MaxSize;
        var blocks = new List<CourieredBlock>();
        foreach (var owner in new[] { PoolOwner.Client, PoolOwner.Hub })
        {
            for (long i = 0; i < count; i++)
            {
                blocks.Add(new CourieredBlock(owner, entropy.NextUuid(), (size * (i + 1) / count) - (size * i / count)));
            }
        }

        return blocks;
    }
}
