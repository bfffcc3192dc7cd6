using Dske.Storage.Files;

namespace Dske.Tests.Unit.Storage;

[Trait("Tier", "Unit")]
public sealed class WriteRunTests : IDisposable
{
    private readonly RecordingFile _file = new();
    private readonly WriteRun _run;

    public WriteRunTests() => _run = new WriteRun(_file);

    [Fact]
    public void Pieces_that_follow_on_each_other_are_one_write()
    {
        _run.Add(100, 2).Fill(1);
        _run.Add(102, 3).Fill(2);
        Assert.Empty(_file.Writes);

        _run.Write();
        _run.Write();

        var (offset, bytes) = Assert.Single(_file.Writes);
        Assert.Equal(100, offset);
        Assert.Equal([1, 1, 2, 2, 2], bytes);
    }

    [Theory]
    [InlineData(103)]
    [InlineData(101)]
    [InlineData(0)]
    public void A_piece_elsewhere_begins_another_write(int elsewhere)
    {
        _run.Add(100, 2).Fill(1);
        _run.Add(elsewhere, 1).Fill(2);
        _run.Write();

        Assert.Equal([100, elsewhere], _file.Writes.Select(write => write.Offset));
        Assert.Equal([2], _file.Writes[1].Bytes);
    }

    [Fact]
    public void A_run_that_is_full_is_written_and_another_one_begins_with_zeros()
    {
        _run.Add(0, WriteRun.MaxLength).Fill(1);
        Assert.Equal([0, 0], _run.Add(WriteRun.MaxLength, 2).ToArray());
        _run.Write();

        Assert.Equal([WriteRun.MaxLength, 2], _file.Writes.Select(write => write.Bytes.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => _run.Add(0, WriteRun.MaxLength + 1));
    }

    [Fact]
    public void What_was_collected_can_be_changed_before_it_is_written()
    {
        _run.Add(100, 4).Fill(1);
        Assert.True(_run.Find(99, 2).IsEmpty);
        Assert.True(_run.Find(103, 2).IsEmpty);

        _run.Find(101, 2).Fill(9);
        _run.Write();

        Assert.Equal([1, 9, 9, 1], Assert.Single(_file.Writes).Bytes);
        Assert.True(_run.Find(101, 2).IsEmpty);
    }

    [Fact]
    public void What_could_not_be_written_is_forgotten()
    {
        _file.Fault = new IOException("No space left.");
        _run.Add(100, 2).Fill(1);
        Assert.Throws<IOException>(_run.Write);
        _file.Fault = null;
        _run.Write();
        Assert.Empty(_file.Writes);

        _run.Add(100, 2).Fill(1);
        _run.Forget();
        _run.Write();
        Assert.Empty(_file.Writes);
        Assert.Equal([0, 0], _run.Add(7, 2).ToArray());
    }

    public void Dispose() => _run.Dispose();

    private sealed class RecordingFile : IStorageFile
    {
        public List<(long Offset, byte[] Bytes)> Writes { get; } = [];

        public Exception? Fault { get; set; }

        public long Length => throw new NotSupportedException();

        public void Read(long offset, Span<byte> destination) => throw new NotSupportedException();

        public void Write(long offset, ReadOnlySpan<byte> source)
        {
            if (Fault is { } fault)
            {
                throw fault;
            }

            Writes.Add((offset, source.ToArray()));
        }

        public void Flush() => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
