using System.Text.Json;

namespace Dske.Tests.Vectors;

/// <summary>What <c>allocation.json</c> holds; the file describes itself.</summary>
public sealed record AllocationVectors(string Description, string Source, IReadOnlyList<AllocationVectors.Scenario> Scenarios)
{
    public static AllocationVectors All { get; } = VectorFile.Load<AllocationVectors>("allocation.json");

    public sealed record Scenario(string Name, IReadOnlyList<Block> Blocks, IReadOnlyList<Operation> Ops, string? Note = null)
    {
        public override string ToString() => Name;
    }

    public sealed record Block(Guid Uuid, int Size, byte[] Data);

    public sealed record Operation(
        string Op,
        Result Result,
        int? Size = null,
        string? Label = null,
        string? Encoded = null,
        IReadOnlyList<FragmentValue>? Fragments = null,
        string? Note = null);

    public sealed record FragmentValue(Guid BlockUuid, long Start, long Size);

    public sealed record Result(
        bool Ok,
        PoolState PoolAfter,
        IReadOnlyList<FragmentValue>? Fragments = null,
        string? Encoded = null,
        byte[]? Data = null,
        string? ErrorType = null,
        string? Error = null,
        int? HttpStatus = null,
        JsonElement? Details = null);

    public sealed record PoolState(long Unused, long Used, IReadOnlyList<Guid> BlocksLeft);
}
