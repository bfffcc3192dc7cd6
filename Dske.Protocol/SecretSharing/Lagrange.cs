using System.Diagnostics;
using Dske.Protocol.Fields;

namespace Dske.Protocol.SecretSharing;

/// <summary>Interpolation of polynomials over GF(2^8). Coordinates and weights are public; the values that they weigh are secret.</summary>
internal static class Lagrange
{
    /// <summary>
    /// Computes by what to multiply a polynomial's values at <paramref name="coordinates"/>, so that the products add up to its
    /// value at <paramref name="target"/>. Right for polynomials of a degree below the number of coordinates.
    /// </summary>
    /// <param name="coordinates">Where the values are known, each once.</param>
    /// <param name="target">Where the value is wanted.</param>
    /// <param name="weights">Receives one weight for each coordinate.</param>
    public static void ComputeWeights(ReadOnlySpan<byte> coordinates, byte target, Span<byte> weights)
    {
        Debug.Assert(coordinates.Length == weights.Length, "One weight for each coordinate.");
        for (var i = 0; i < coordinates.Length; i++)
        {
            byte numerator = 1;
            byte denominator = 1;
            for (var j = 0; j < coordinates.Length; j++)
            {
                if (j != i)
                {
                    numerator = Gf256.Multiply(numerator, Gf256.Add(target, coordinates[j]));
                    denominator = Gf256.Multiply(denominator, Gf256.Add(coordinates[i], coordinates[j]));
                }
            }

            weights[i] = Gf256.Multiply(numerator, Gf256.Inverse(denominator));
        }
    }
}
