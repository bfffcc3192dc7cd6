using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Courier;
using Dske.Protocol.Messages;

namespace Dske.Tests.Vectors;

/// <summary>What begins a couriered link is signed as another implementation signs it.</summary>
[Trait("Tier", "Vectors")]
public sealed class CourierSyncVectorTests
{
    private static readonly IReadOnlyList<CourierSyncVectors.Vector> Vectors = VectorFile.Load<CourierSyncVectors>("courier-sync.json").Vectors;

    [Fact]
    public void First_syncs_are_signed_as_recorded()
    {
        Assert.Equal(3, Vectors.Count);
        Assert.All(Vectors, vector =>
        {
            Assert.True(SyncQuery.TryParse(vector.Query, out var query));
            Assert.Equal((vector.Link, vector.Instance), (query.Enrols, query.Instance));
            Assert.Equal(vector.Query, query.ToString());
            var (key, signature) = (vector.Bytes.ToArray(), new byte[MessageMac.Size]);
            EnrolmentKey.Derive(key, vector.Link, vector.Instance);
            MessageMac.Sign(key, Encoding.UTF8.GetBytes(vector.Query), default, signature);

            Assert.Equal(vector.Key, key);
            Assert.Equal(vector.Signature, signature);
        });
    }
}
