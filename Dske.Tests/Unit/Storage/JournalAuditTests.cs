using Dske.Protocol.Identifiers;
using Dske.Protocol.Psrd;
using Dske.Storage.Journal;
using Dske.Tests.Distributed;

namespace Dske.Tests.Unit.Storage;

/// <summary>The auditor of the tests with real processes finds what it looks for.</summary>
[Trait("Tier", "Unit")]
public sealed class JournalAuditTests : IDisposable
{
    private static readonly Guid Block = new("00000000-0000-0000-0000-000000000001");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dske-tests-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Journals_as_nodes_write_them_are_in_order()
    {
        using (var carol = Open("carol"))
        using (var hank = Open("hank"))
        {
            carol.Allocated(Pool("hank", PoolOwner.Client), Bytes((0, 36), (36, 32)));
            hank.Taken(Pool("carol", PoolOwner.Client), Bytes((36, 32)));
            hank.Taken(Pool("carol", PoolOwner.Client), Bytes((0, 36)));
            hank.Allocated(Pool("carol", PoolOwner.Hub), Bytes((0, 32)));
            carol.Taken(Pool("hank", PoolOwner.Hub), Bytes((0, 32)));
        }

        using (var carol = Open("carol"))
        {
            // What was allocated may never have arrived. The same numbers in another pool are other bytes.
            carol.Allocated(Pool("hank", PoolOwner.Client), Bytes((4096, 32)));
            carol.Allocated(Pool("helen", PoolOwner.Client), Bytes((0, 32)));
        }

        var audit = JournalAudit.Of(_directory.FullName);

        Assert.Empty(audit.Violations);
        Assert.Equal((3, 0, 100), (audit.Openings, audit.TornLines, audit.TakenBytes));
        Assert.Equal([("carol", "hank"), ("carol", "helen")], audit.Links.Order());
    }

    [Theory]
    [InlineData("carol", "allocated hank client {0}:0:32", "allocated hank client {0}:31:32", "allocated twice: 31 to 32")]
    [InlineData("carol", "allocated hank client {0}:0:64", "allocated hank client {0}:8:8", "allocated twice: 8 to 16")]
    [InlineData("carol", "allocated hank client {0}:0:32,{0}:16:32", "allocated hank client {0}:48:1", "allocated twice: 16 to 32")]
    [InlineData("hank", "taken carol client {0}:0:32", "taken carol client {0}:0:32", "taken twice: 0 to 32")]
    [InlineData("hank", "allocated carol hub {0}:0:32", "allocated carol hub {0}:0:1", "pool of the hub")]
    [InlineData("carol", "taken hank hub {0}:0:32", "taken hank hub {0}:1:1", "carol@hank, pool of the hub")]
    public void Bytes_used_twice_are_found_though_a_restart_lies_between(string node, string first, string second, string violation)
    {
        Write(node, Line("opened"), Line(first), Line("allocated hugo client {0}:0:9"), "\n", Line("opened"), Line(second));

        Assert.Contains(JournalAudit.Of(_directory.FullName).Violations, found => found.Contains(violation, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("taken carol client {0}:0:33")]
    [InlineData("taken carol client {0}:63:2")]
    [InlineData("taken celia client {0}:0:32")]
    [InlineData("taken carol client 00000000-0000-0000-0000-000000000002:0:32")]
    public void Bytes_taken_that_nobody_allocated_are_found(string taken)
    {
        Write("carol", Line("opened"), Line("allocated hank client {0}:0:32,{0}:40:24"));
        Write("hank", Line("opened"), Line("taken carol client {0}:40:8"), Line(taken));

        var violation = Assert.Single(JournalAudit.Of(_directory.FullName).Violations);
        Assert.Contains("taken but not allocated", violation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_was_cut_off_is_tolerated_at_the_end_of_a_run_and_nowhere_else()
    {
        Write("carol", Line("opened"), "allocated hank cli", "\n", Line("opened"), "allocated ha");
        Assert.Empty(JournalAudit.Of(_directory.FullName).Violations);

        Write("carol", Line("opened"), Line("allocated hank cli"), Line("allocated hank client {0}:0:32"));
        var violation = Assert.Single(JournalAudit.Of(_directory.FullName).Violations);
        Assert.Contains("carol, line 2", violation, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_kill_cut_off_stays_a_line_of_its_own()
    {
        Write("carol", Line("opened"), "allocated hank client 00000000-0000");
        using (var carol = Open("carol"))
        {
            carol.Allocated(Pool("hank", PoolOwner.Client), Bytes((0, 32)));
        }

        var audit = JournalAudit.Of(_directory.FullName);

        Assert.Empty(audit.Violations);
        Assert.Equal((2, 1), (audit.Openings, audit.TornLines));
        Assert.Equal([("carol", "hank")], audit.Links);
    }

    private static string Line(string text) => text.Replace("{0}", Block.ToString(), StringComparison.Ordinal) + "\n";

    private static PsrdPoolKey Pool(string peer, PoolOwner owner) => new(NodeName.Parse(peer), owner);

    private static Allocation Bytes(params (long Start, long Size)[] ranges) => new([.. ranges.Select(range => new Fragment(Block, range.Start, range.Size))]);

    private PsrdJournalFile Open(string node) => new(PathOf(node));

    private void Write(string node, params string[] lines) => File.WriteAllText(PathOf(node), string.Concat(lines));

    private string PathOf(string node) => Path.Combine(_directory.FullName, node + ".journal");
}
