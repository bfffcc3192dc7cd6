using System.Buffers.Binary;
using Dske.Protocol.Courier;
using Dske.Protocol.Psrd;
using static Dske.Tests.Unit.Courier.CourierFiles;

namespace Dske.Tests.Unit.Courier;

[Trait("Tier", "Unit")]
public sealed class CourierFileTests
{
    private const int Chunk = 64 * 1024;
    private const int SealedChunk = Chunk + 16;

    private static readonly CourierManifest Two = Manifest((PoolOwner.Client, 200_000), (PoolOwner.Hub, 70_001));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(512, 65_536)]
    [InlineData(65_536, 131_072)]
    [InlineData(200_000, 3)]
    public async Task What_was_written_is_read(int forClient, int forHub)
    {
        var manifest = Manifest((PoolOwner.Client, forClient), (PoolOwner.Hub, forHub));
        using var secret = Key();

        var file = await WriteAsync(manifest, secret);

        Assert.Null(Read(file, secret, out var blocks));
        Assert.Equal(manifest.Blocks.Select(Content), blocks);
    }

    [Fact]
    public async Task A_passphrase_opens_what_it_sealed_and_no_other_one_does()
    {
        using var right = Passphrase();
        using var wrong = Passphrase("correct horse batterx");
        var file = await WriteAsync(Two, right);

        Assert.Null(Read(file, right, out _));
        Assert.Equal(CourierFault.WrongSecret, Read(file, wrong, out _));
    }

    [Fact]
    public async Task Another_key_opens_nothing_nor_does_a_secret_of_the_other_kind()
    {
        using var right = Key();
        using var wrong = Key(8);
        using var passphrase = Passphrase();
        var file = await WriteAsync(Two, right);

        Assert.Equal(CourierFault.WrongSecret, Read(file, wrong, out _));
        Assert.Equal(CourierFault.OtherKind, Read(file, passphrase, out _));
    }

    [Fact]
    public async Task What_is_sealed_is_not_in_the_file()
    {
        using var secret = Key();
        var file = await WriteAsync(Two, secret);

        Assert.True(file.AsSpan().IndexOf(Content(Two.Blocks[0]).AsSpan(0, 16)) < 0);
        Assert.True(file.AsSpan().IndexOf("hub_instance"u8) < 0);
        Assert.True(file.AsSpan().IndexOf("encryptors"u8) < 0);
    }

    [Fact]
    public async Task A_file_that_was_cut_off_anywhere_is_refused()
    {
        using var secret = Key();
        var file = await WriteAsync(Two, secret);
        int[] lengths = [0, 1, 7, 8, 9, 100, CourierHeader.Size - 1, CourierHeader.Size, CourierHeader.Size + 1, CourierHeader.Size + SealedChunk, file.Length - 17, file.Length - 1];

        Assert.All(lengths, length => Assert.Equal(
            length < 8 ? CourierFault.NotCourier : CourierFault.Truncated, Read(file[..length], secret, out _)));
    }

    [Fact]
    public async Task A_file_that_was_cut_off_and_says_so_is_refused()
    {
        // Whoever cuts a file off writes the length that it has now into its header.
        using var secret = Key();
        var file = await WriteAsync(Two, secret);
        var cut = file[..(CourierHeader.Size + (2 * SealedChunk))];
        BinaryPrimitives.WriteInt64BigEndian(cut.AsSpan(72), 2 * Chunk);

        Assert.Equal(CourierFault.WrongSecret, Read(cut, secret, out _));
    }

    [Fact]
    public async Task Every_bit_of_the_header_and_of_each_chunk_counts()
    {
        using var secret = Key();
        var file = await WriteAsync(Two, secret);
        var places = Enumerable.Range(0, CourierHeader.Size)
            .Concat([CourierHeader.Size, CourierHeader.Size + Chunk, CourierHeader.Size + SealedChunk, CourierHeader.Size + (3 * SealedChunk) + 5, file.Length - 17, file.Length - 1]);

        Assert.All(places, place =>
        {
            var changed = file.ToArray();
            changed[place] ^= 0x10;
            Assert.NotNull(Read(changed, secret, out _));
        });
    }

    [Fact]
    public async Task Chunks_cannot_be_moved_repeated_left_out_or_added()
    {
        using var secret = Key();
        var file = await WriteAsync(Two, secret);
        var chunks = file[CourierHeader.Size..].Chunk(SealedChunk).ToArray();
        byte[] Put(params byte[][] parts) => [.. file[..CourierHeader.Size], .. parts.SelectMany(part => part)];

        Assert.Equal(5, chunks.Length);
        Assert.Null(Read(Put(chunks), secret, out _));
        Assert.Equal(CourierFault.Damaged, Read(Put(chunks[0], chunks[2], chunks[1], chunks[3], chunks[4]), secret, out _));
        Assert.Equal(CourierFault.Damaged, Read(Put(chunks[0], chunks[1], chunks[1], chunks[3], chunks[4]), secret, out _));
        Assert.Equal(CourierFault.WrongSecret, Read(Put(chunks[1], chunks[0], chunks[2], chunks[3], chunks[4]), secret, out _));
        Assert.Equal(CourierFault.Truncated, Read(Put(chunks[0], chunks[1], chunks[2], chunks[4]), secret, out _));
        Assert.Equal(CourierFault.Damaged, Read(Put([.. chunks, chunks[4]]), secret, out _));
        Assert.Equal(CourierFault.Damaged, Read(Put([.. chunks, [0]]), secret, out _));
    }

    [Fact]
    public async Task Chunks_of_another_file_with_the_same_secret_do_not_fit()
    {
        using var secret = Key();
        var one = await WriteAsync(Two, secret, seed: 1);
        var other = await WriteAsync(Two, secret, seed: 2);
        byte[] mixed = [.. one[..(CourierHeader.Size + SealedChunk)], .. other[(CourierHeader.Size + SealedChunk)..]];

        Assert.NotEqual(one[CourierHeader.Size..], other[CourierHeader.Size..]);
        Assert.Equal(CourierFault.Damaged, Read(mixed, secret, out _));
        Assert.Equal(CourierFault.WrongSecret, Read([.. other[..CourierHeader.Size], .. one[CourierHeader.Size..]], secret, out _));
    }

    [Theory]
    [InlineData(12, int.MaxValue)]
    [InlineData(12, CourierCost.MaxMemoryKib + 1)]
    [InlineData(12, CourierCost.MinMemoryKib - 1)]
    [InlineData(12, -1)]
    [InlineData(16, 0)]
    [InlineData(16, CourierCost.MaxPasses + 1)]
    [InlineData(20, 0)]
    [InlineData(20, CourierCost.MaxLanes + 1)]
    public async Task A_header_cannot_ask_for_more_than_is_within_bounds(int offset, int value)
    {
        using var secret = Passphrase();
        var file = await WriteAsync(Manifest((PoolOwner.Hub, 1)), secret);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(offset), value);

        Assert.Equal(CourierFault.KeyTooCostly, Read(file, secret, out _));
    }

    [Fact]
    public async Task A_newer_version_is_told_from_what_is_no_file_of_ours()
    {
        using var secret = Key();
        var file = await WriteAsync(Manifest((PoolOwner.Hub, 1)), secret);
        file[9] = 2;

        Assert.Equal(CourierFault.UnknownVersion, Read(file, secret, out _));
        Assert.Equal(CourierFault.NotCourier, Read("DSKEBNDLxxxxxxxxxxx"u8.ToArray(), secret, out _));
    }

    [Fact]
    public async Task A_manifest_that_no_hub_would_write_is_refused()
    {
        using var secret = Key();
        var good = Manifest((PoolOwner.Hub, 100), (PoolOwner.Client, 100));
        CourierManifest[] bad =
        [
            good with { ClientInstance = CourierFiles.File },
            good with { Enrols = null },
            good with { Encryptors = ["sam", "sam"] },
            good with { Encryptors = [""] },
            good with { Network = "" },
            good with { Blocks = [good.Blocks[0], good.Blocks[0]] },
        ];

        foreach (var manifest in bad)
        {
            Assert.Equal(CourierFault.Damaged, Read(await WriteAsync(manifest, secret), secret, out _));
        }
    }

    [Fact]
    public void Secrets_have_bounds_and_say_nothing()
    {
        Assert.False(CourierSecret.TryCreate(CourierSecretKind.Passphrase, new byte[CourierSecret.MinPassphrase - 1], out _));
        Assert.False(CourierSecret.TryCreate(CourierSecretKind.KeyFile, new byte[CourierSecret.MinKey - 1], out _));
        Assert.False(CourierSecret.TryCreate(CourierSecretKind.KeyFile, new byte[CourierSecret.MaxLength + 1], out _));
        using var secret = Passphrase();
        Assert.Equal("CourierSecret(Passphrase)", secret.ToString());
    }

    [Fact]
    public async Task A_bundle_lists_its_files_and_each_opens_by_itself()
    {
        using var secret = Key();
        var (one, two) = (await WriteAsync(Manifest((PoolOwner.Hub, 5)), secret), await WriteAsync(Two, secret));
        byte[] bundle = [.. CourierBundle.FormatHead(2), .. CourierBundle.FormatLength(one.Length), .. one, .. CourierBundle.FormatLength(two.Length), .. two];

        Assert.Null(CourierBundle.TryList(new MemoryStream(bundle), out var entries));
        Assert.Equal([one.Length, two.Length], entries.Select(entry => (int)entry.Length));
        Assert.Equal(two, bundle.AsSpan((int)entries[1].Position, (int)entries[1].Length).ToArray());
        Assert.All(entries, entry => Assert.Equal(("hank", "carol"), (entry.Header.Hub.Value, entry.Header.Client.Value)));
        Assert.Null(CourierBundle.TryList(new MemoryStream(one), out entries));
        Assert.Equal(one.Length, Assert.Single(entries).Length);

        Assert.Equal(CourierFault.Truncated, CourierBundle.TryList(new MemoryStream(bundle[..^1]), out _));
        Assert.Equal(CourierFault.Truncated, CourierBundle.TryList(new MemoryStream(bundle[..(20 + one.Length)]), out _));
        Assert.Equal(CourierFault.Damaged, CourierBundle.TryList(new MemoryStream([.. bundle, 0]), out _));
        Assert.Equal(CourierFault.Truncated, CourierBundle.TryList(new MemoryStream(bundle[..10]), out _));
        Assert.Equal(CourierFault.NotCourier, CourierBundle.TryList(new MemoryStream([]), out _));
    }
}
