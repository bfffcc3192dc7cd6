using System.Text.Json;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;

namespace Dske.Tests.Vectors;

/// <summary>
/// Every operation in <c>allocation.json</c>, on the owner's pool and on the receiver's. Ours frees a block as soon as it is used up, where
/// the reference waits to be told.
/// </summary>
[Trait("Tier", "Vectors")]
public sealed class AllocationVectorTests : IDisposable
{
    private const string Unreadable = "unreadable";

    private static readonly PsrdPoolKey Pool = new(NodeName.Parse("hank"), PoolOwner.Client);

    // What was allocated stays spent here, so that these two go on in their own way: the fragments of each allocation, null when refused.
    private static readonly Dictionary<string, string?[]> WithoutGivingBack = new()
    {
        ["give back makes a gap that the next allocation fills first"] =
        [
            "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:10",
            "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:10:10",
            "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:20:10",
            null,
            "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:30:5",
        ],
        ["gap then next block"] =
        [
            "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:10",
            "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:10:20",
            "634ee667-29a3-4583-b275-5b8d9f4c1e2c:0:20",
        ],
    };

    // What the reference takes and an implementation must refuse; what it takes afterwards is taken here as well.
    private static readonly string[] Defects =
    [
        "block id and numbers in other spellings: the reference's parser takes them",
        "zero and negative sizes: accepted by the reference, an implementation must refuse them",
    ];

    // No number, no UUID: unreadable here, where the reference looks for the byte or the block all the same.
    private static readonly string[] NoFragments =
    [
        "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:-1:2",
        "not-a-uuid:0:10",
        " b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:0:10",
    ];

    // The reference's errors as outcomes here. What cannot be read is an error of its own.
    private static readonly Dictionary<string, PsrdOutcome> Outcomes = new()
    {
        ["OutOfPreSharedRandomDataError"] = PsrdOutcome.OutOfPsrd,
        ["PSRDDataAlreadyUsedError"] = PsrdOutcome.AlreadyUsed,
        ["InvalidPSRDIndex"] = PsrdOutcome.OutOfRange,
        ["InvalidBlockUUIDError"] = PsrdOutcome.UnknownBlock,
    };

    private readonly InMemoryPsrdStore _store = new();

    public static TheoryData<string> OwnersScenarios => [.. Scenarios("allocate").Where(name => !WithoutGivingBack.ContainsKey(name))];

    public static TheoryData<string> ScenariosThatGiveBack => [.. WithoutGivingBack.Keys];

    public static TheoryData<string> ReceiversScenarios => [.. Scenarios("take").Where(name => !Defects.Contains(name))];

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Every_scenario_and_every_operation_is_run()
    {
        var all = AllocationVectors.All.Scenarios;

        Assert.Equal(
            [.. all.Select(scenario => scenario.Name).Order()],
            [.. OwnersScenarios.Concat(ScenariosThatGiveBack).Concat(ReceiversScenarios).Select(row => row.Data).Concat(Defects).Order()]);
        Assert.Equal((16, 75), (all.Count, all.Sum(scenario => scenario.Ops.Count)));
        Assert.Equal(
            ["allocate", "delete_fully_used_blocks", "give_back", "take_encoded", "take_json"],
            all.SelectMany(scenario => scenario.Ops).Select(operation => operation.Op).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(OwnersScenarios))]
    public void The_owner_allocates_what_the_reference_allocates(string name)
    {
        var scenario = Find(name);
        using var pool = OpenOwner(scenario);
        foreach (var operation in scenario.Ops)
        {
            if (operation.Op == "delete_fully_used_blocks")
            {
                // Done long ago.
                Assert.Equal(operation.Result.PoolAfter.BlocksLeft, pool.GetStatus().Select(block => block.BlockId));
                continue;
            }

            var bytes = new byte[operation.Size!.Value];
            var outcome = pool.TryAllocate(default, bytes, out _, out var named);

            Assert.Equal(operation.Result.Ok ? PsrdOutcome.Ok : Outcomes[operation.Result.ErrorType!], outcome);
            Assert.Equal(operation.Result.Encoded, named?.ToString());
            Assert.Equal(operation.Result.Fragments, named is null ? null : Values(named));
            Assert.Equal(operation.Result.Data ?? new byte[bytes.Length], bytes);
            Assert.Equal(operation.Result.PoolAfter.Unused, pool.AvailableBytes);
            AssertBlocksLeft(operation.Result.PoolAfter, pool.GetStatus());
        }
    }

    [Theory]
    [MemberData(nameof(ScenariosThatGiveBack))]
    public void Invariant_1_What_the_reference_gives_back_stays_spent(string name)
    {
        var scenario = Find(name);
        var expected = new Queue<string?>(WithoutGivingBack[name]);
        using var pool = OpenOwner(scenario);
        foreach (var operation in scenario.Ops)
        {
            if (operation.Op == "give_back")
            {
                // There is nothing to call. The reference has these bytes again now; here the count does not change.
                Assert.Equal(operation.Result.PoolAfter.Unused - 10, pool.AvailableBytes);
                continue;
            }

            var bytes = new byte[operation.Size!.Value];
            var outcome = pool.TryAllocate(default, bytes, out _, out var named);

            Assert.Equal(expected.Dequeue(), named?.ToString());
            Assert.Equal(named is null ? PsrdOutcome.OutOfPsrd : PsrdOutcome.Ok, outcome);
            Assert.Equal(named is null ? new byte[bytes.Length] : Cut(scenario, named), bytes);
        }

        Assert.Empty(expected);
    }

    [Theory]
    [MemberData(nameof(ReceiversScenarios))]
    public void The_receiver_takes_what_the_reference_takes(string name)
    {
        var scenario = Find(name);
        using var pool = OpenReceiver(scenario);
        foreach (var operation in scenario.Ops)
        {
            if (operation.Op == "delete_fully_used_blocks")
            {
                Assert.Equal(operation.Result.PoolAfter.BlocksLeft, pool.GetStatus().Select(block => block.BlockId));
                continue;
            }

            var outcome = Take(pool, operation, out var bytes, out var named);

            Assert.Equal(Expected(operation), outcome);
            if (operation.Result.Ok)
            {
                Assert.Equal(operation.Result.Data, bytes);
                Assert.Equal(operation.Result.Encoded, named!.ToString());
                Assert.Equal(operation.Result.Fragments, Values(named));
            }

            Assert.Equal(operation.Result.PoolAfter.Unused, pool.AvailableBytes);
            AssertBlocksLeft(operation.Result.PoolAfter, pool.GetStatus());
        }
    }

    [Fact]
    public void Other_spellings_are_refused_and_use_nothing()
    {
        var scenario = Find(Defects[0]);
        using var pool = OpenReceiver(scenario);

        Assert.All(scenario.Ops, operation => Assert.Equal(Unreadable, Take(pool, operation, out _, out _)));

        Assert.Equal(5, scenario.Ops.Count(operation => operation.Result.Ok));
        Assert.Equal(100, pool.AvailableBytes);
    }

    [Fact]
    public void Invariant_3_Zero_and_negative_sizes_are_refused_in_the_header_and_in_JSON_and_shift_nothing()
    {
        var scenario = Find(Defects[1]);
        using var pool = OpenReceiver(scenario);
        foreach (var operation in scenario.Ops)
        {
            var outcome = Take(pool, operation, out var bytes, out _);
            if (operation.Encoded == "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c:20:10")
            {
                Assert.Equal(nameof(PsrdOutcome.Ok), outcome);
                Assert.Equal(scenario.Blocks[0].Data[20..30], bytes);
                Assert.NotEqual(operation.Result.Data, bytes);
                Assert.Equal(90, pool.AvailableBytes);
                continue;
            }

            Assert.Equal(Unreadable, outcome);
            var inJson = operation.Result.Fragments ?? [new(scenario.Blocks[0].Uuid, 50, 0), new(scenario.Blocks[0].Uuid, 500, 1)];
            Assert.Contains(Take(pool, ReadJson(inJson), out _), (string[])[nameof(PsrdOutcome.OutOfRange), nameof(PsrdOutcome.WrongSize)]);
        }

        Assert.Equal(90, pool.AvailableBytes);
    }

    private static string Expected(AllocationVectors.Operation operation)
        => operation.Result.Ok ? nameof(PsrdOutcome.Ok)
            : operation.Result.ErrorType == "InvalidEncodedFragment" || NoFragments.Contains(operation.Encoded) ? Unreadable
            : Outcomes[operation.Result.ErrorType!].ToString();

    private static string Take(PeerPool pool, AllocationVectors.Operation operation, out byte[] bytes, out Allocation? named)
    {
        bytes = [];
        if (operation.Op == "take_json")
        {
            named = ReadJson(operation.Fragments!);
        }
        else if (!Allocation.TryParse(operation.Encoded, Allocation.MaxKeyFragments, out named))
        {
            return Unreadable;
        }

        return Take(pool, named, out bytes);
    }

    /// <summary>Reads and uses bytes as if they were a signing key of their size.</summary>
    private static string Take(PeerPool pool, Allocation named, out byte[] bytes)
    {
        bytes = new byte[Math.Max(named.Size, 0)];
        var readable = pool.TryRead(named, bytes);
        Assert.Equal(readable == PsrdOutcome.Ok, pool.TryTake(named, bytes.Length, null, default, out var outcome));
        Assert.Equal(readable, outcome);
        return outcome.ToString();
    }

    private static Allocation ReadJson(IEnumerable<AllocationVectors.FragmentValue> fragments)
    {
        var options = new JsonSerializerOptions();
        MessageJson.AddConverters(options, Dialect.Reference);
        var text = string.Join(',', fragments.Select(
            fragment => $$"""{"block_uuid":"{{fragment.BlockUuid}}","start":{{fragment.Start}},"size":{{fragment.Size}}}"""));
        return JsonSerializer.Deserialize<Allocation>($$"""{"fragments":[{{text}}]}""", options)!;
    }

    private static void AssertBlocksLeft(AllocationVectors.PoolState expected, IReadOnlyList<BlockStatus> left)
    {
        Assert.Equal(expected.BlocksLeft.Where(id => left.Any(block => block.BlockId == id)), left.Select(block => block.BlockId));
        Assert.All(left, block => Assert.InRange(block.UnusedBytes, 1, block.Size));
        Assert.Equal(expected.Unused, left.Sum(block => block.UnusedBytes));
        Assert.InRange(left.Sum(block => block.UsedBytes), 0, expected.Used);
    }

    private static IEnumerable<AllocationVectors.FragmentValue> Values(Allocation named)
        => named.Fragments.ToArray().Select(fragment => new AllocationVectors.FragmentValue(fragment.BlockId, fragment.Start, fragment.Size));

    private static byte[] Cut(AllocationVectors.Scenario scenario, Allocation named) =>
    [
        .. named.Fragments.ToArray().SelectMany(fragment => scenario.Blocks.Single(block => block.Uuid == fragment.BlockId)
            .Data[(int)fragment.Start..(int)(fragment.Start + fragment.Size)]),
    ];

    private static AllocationVectors.Scenario Find(string name) => AllocationVectors.All.Scenarios.Single(scenario => scenario.Name == name);

    private static IEnumerable<string> Scenarios(string operation) => AllocationVectors.All.Scenarios
        .Where(scenario => scenario.Ops[0].Op.StartsWith(operation, StringComparison.Ordinal)).Select(scenario => scenario.Name);

    private LocalPool OpenOwner(AllocationVectors.Scenario scenario)
    {
        var pool = new LocalPool(_store, Pool);
        Assert.All(scenario.Blocks, block => Assert.True(block.Size == block.Data.Length && pool.TryAdd(block.Uuid, block.Data)));
        return pool;
    }

    private PeerPool OpenReceiver(AllocationVectors.Scenario scenario)
    {
        var pool = new PeerPool(_store, Pool);
        Assert.All(scenario.Blocks, block => Assert.True(block.Size == block.Data.Length && pool.TryAdd(block.Uuid, block.Data)));
        return pool;
    }
}
