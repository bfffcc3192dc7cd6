using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Courier;
using Dske.Tests.Unit.Courier;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace Dske.Tests.Vectors;

/// <summary>Couriered files are those of the format: byte for byte what another implementation makes.</summary>
[Trait("Tier", "Vectors")]
public sealed class CourierVectorTests
{
    private static readonly Dictionary<string, CourierVectors.Vector> Vectors = VectorFile.Load<CourierVectors>("courier.json").Vectors.ToDictionary(vector => vector.Name);

    public static TheoryData<string> Names => [.. Vectors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_file_is_written_as_recorded_and_read_again(string name)
    {
        var vector = Vectors[name];
        var manifest = CourierManifest.TryRead(Encoding.UTF8.GetBytes(vector.Manifest))!;
        var blocks = vector.Blocks.Select(block => Shake256.HashData(Encoding.UTF8.GetBytes(block.Seed), block.Size)).ToList();
        var cost = new CourierCost(vector.MemoryKib, vector.Passes, vector.Lanes);
        Assert.True(CourierSecret.TryCreate(Enum.Parse<CourierSecretKind>(vector.Kind), vector.Secret, out var secret));
        using (secret)
        {
            using var writer = CourierWriter.Create(
                new Guid(vector.FileId, bigEndian: true), manifest, secret, new RecordedEntropySource([vector.Salt]), secret.Kind == CourierSecretKind.Passphrase ? cost : null);
            using var file = new MemoryStream();
            await writer.WriteAsync(
                file,
                (block, offset, destination) => blocks[IndexOf(manifest, block)].AsSpan((int)offset, destination.Length).CopyTo(destination),
                () => { },
                TestContext.Current.CancellationToken);

            Assert.Equal(vector.Length, file.Length);
            Assert.Equal(vector.Sha256, SHA256.HashData(file.ToArray()));
            if (vector.File.Length > 0)
            {
                Assert.Equal(vector.File, file.ToArray());
            }

            Assert.Null(CourierFiles.Read(file.ToArray(), secret, out var read));
            Assert.Equal(blocks, read);
        }
    }

    [Fact]
    public void Argon2id_is_that_of_RFC_9106()
    {
        // Section 5.3.
        var generator = new Argon2BytesGenerator();
        generator.Init(new Argon2Parameters.Builder(Argon2Parameters.Argon2id)
            .WithVersion(Argon2Parameters.Version13)
            .WithMemoryAsKB(32)
            .WithIterations(3)
            .WithParallelism(4)
            .WithSalt([.. Enumerable.Repeat((byte)2, 16)])
            .WithSecret([.. Enumerable.Repeat((byte)3, 8)])
            .WithAdditional([.. Enumerable.Repeat((byte)4, 12)])
            .Build());
        var tag = new byte[32];
        generator.GenerateBytes([.. Enumerable.Repeat((byte)1, 32)], tag);

        Assert.Equal("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659", Convert.ToHexStringLower(tag));
    }

    private static int IndexOf(CourierManifest manifest, CourierBlock block) => manifest.Blocks.ToList().IndexOf(block);
}
