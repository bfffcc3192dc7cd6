using System.Numerics;

namespace Dske.Protocol.SecretSharing;

/// <summary>
/// How to weigh the shares of one set of indices to get the secret and the digest share. It depends on the set alone, so a
/// scheme keeps it from one key to the next. Immutable.
/// </summary>
internal sealed class RecoveryWeights
{
    // By share index; what is not in the set stays 0.
    private readonly byte[] _forSecret;
    private readonly byte[] _forDigest;

    /// <summary>Computes the weights.</summary>
    /// <param name="indexes">The set, as bits: bit i stands for share i.</param>
    public RecoveryWeights(ushort indexes)
    {
        var count = BitOperations.PopCount(indexes);
        Span<byte> coordinates = stackalloc byte[count];
        for (int index = 0, next = 0; next < count; index++)
        {
            if (((indexes >> index) & 1) != 0)
            {
                coordinates[next++] = (byte)index;
            }
        }

        _forSecret = WeightsByIndex(coordinates, ShamirScheme.SecretCoordinate);
        _forDigest = WeightsByIndex(coordinates, ShamirScheme.DigestCoordinate);
    }

    /// <summary>The weight of a share's value in the secret.</summary>
    public byte ForSecret(int index) => _forSecret[index];

    /// <summary>The weight of a share's value in the digest share.</summary>
    public byte ForDigest(int index) => _forDigest[index];

    private static byte[] WeightsByIndex(ReadOnlySpan<byte> coordinates, byte target)
    {
        Span<byte> weights = stackalloc byte[coordinates.Length];
        Lagrange.ComputeWeights(coordinates, target, weights);
        var byIndex = new byte[coordinates[^1] + 1];
        for (var i = 0; i < coordinates.Length; i++)
        {
            byIndex[coordinates[i]] = weights[i];
        }

        return byIndex;
    }
}
