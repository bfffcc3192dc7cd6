using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Courier;
using Dske.Protocol.Psrd;
using Dske.Tests.Unit.SecretSharing;

namespace Dske.Tests.Unit.Courier;

/// <summary>Couriered files whose content the test knows.</summary>
internal static class CourierFiles
{
    /// <summary>The least work that is allowed: tests make many files.</summary>
    public static readonly CourierCost Cheap = new(CourierCost.MinMemoryKib, 1, 1);

    public static readonly Guid File = Guid.Parse("0a0b0c0d-0e0f-4001-8002-030405060708");

    public static CourierSecret Passphrase(string text = "correct horse battery") => Secret(CourierSecretKind.Passphrase, Encoding.UTF8.GetBytes(text));

    public static CourierSecret Key(byte fill = 7) => Secret(CourierSecretKind.KeyFile, [.. Enumerable.Repeat(fill, 32)]);

    public static CourierManifest Manifest(params (PoolOwner Owner, long Size)[] blocks) => new()
    {
        Hub = "hank",
        HubInstance = Guid.Parse("11111111-2222-4333-8444-555555555555"),
        Client = "carol",
        ClientInstance = null,
        Enrols = Guid.Parse("66666666-7777-4888-9999-aaaaaaaaaaaa"),
        Network = "abc",
        Encryptors = ["sam", "zoë"],
        MadeAt = new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero),
        Blocks = [.. blocks.Select((block, index) => new CourierBlock { Owner = block.Owner, Id = new Guid(index + 1, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0), Size = block.Size })],
    };

    /// <summary>The byte of a block at a place.</summary>
    public static byte ByteAt(CourierBlock block, long position) => (byte)((position * 31) + (position >> 8) + block.Id.ToByteArray()[0]);

    public static byte[] Content(CourierBlock block) => [.. Enumerable.Range(0, (int)block.Size).Select(position => ByteAt(block, position))];

    public static async Task<byte[]> WriteAsync(CourierManifest manifest, CourierSecret secret, int seed = 1)
    {
        using var writer = CourierWriter.Create(File, manifest, secret, new SeededEntropySource(seed), Cheap);
        using var destination = new MemoryStream();
        var isLastWritten = true;
        await writer.WriteAsync(destination, Fill, () => isLastWritten = destination.Length == writer.FileLength, TestContext.Current.CancellationToken);
        Assert.False(isLastWritten, "What is told before the last chunk is told after it.");
        Assert.Equal(writer.FileLength, destination.Length);
        return destination.ToArray();
    }

    /// <summary>Opens a file and reads all of it, as an importer does; what it holds when nothing is wrong with it.</summary>
    public static CourierFault? Read(byte[] file, CourierSecret secret, out List<byte[]> blocks)
    {
        blocks = [];
        using var source = new MemoryStream(file);
        if (CourierReader.TryOpen(source, secret, out var reader) is { } fault)
        {
            Assert.Null(reader);
            return fault;
        }

        using (reader)
        {
            if (reader!.CheckAll(CancellationToken.None) is { } found)
            {
                return found;
            }

            foreach (var block in reader.Manifest.Blocks)
            {
                var bytes = new byte[block.Size];
                Assert.Null(reader.TryRead(bytes));
                blocks.Add(bytes);
            }

            return null;
        }
    }

    private static void Fill(CourierBlock block, long offset, Span<byte> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = ByteAt(block, offset + i);
        }
    }

    private static CourierSecret Secret(CourierSecretKind kind, byte[] bytes)
    {
        Assert.True(CourierSecret.TryCreate(kind, bytes, out var secret));
        CryptographicOperations.ZeroMemory(bytes);
        return secret;
    }
}
