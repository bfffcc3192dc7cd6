using System.Security.Cryptography;
using Dske.Protocol.Fields;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecretSharing;

/// <content>Which shares are right, once the secret is known.</content>
public sealed partial class ShareCollector
{
    private ushort _right;
    private ushort _wrong;

    /// <summary>
    /// The indexes of the shares so far that fit the secret, ascending; none before it is rebuilt. The k that it was rebuilt from are
    /// among them.
    /// </summary>
    public IReadOnlyList<int> RightIndexes => IndexesOf(_right);

    /// <summary>
    /// The indexes of the shares so far that do not fit the secret, ascending; none before it is rebuilt. Whoever sent such a share
    /// lied, or whoever made it. A second share with an index is not among them: it says nothing of the first.
    /// </summary>
    public IReadOnlyList<int> WrongIndexes => IndexesOf(_wrong);

    private IReadOnlyList<int> IndexesOf(ushort bits)
        => IsRecovered ? [.. Enumerable.Range(0, _scheme.ShareCount).Where(index => (bits & Bit(index)) != 0)] : [];

    // The shares that the secret was rebuilt from stay, to judge later ones by.
    private void JudgeAll()
    {
        foreach (var share in _shares)
        {
            if (Array.IndexOf(_candidate, share) >= 0)
            {
                _right |= Bit(share.Index);
            }
            else
            {
                Judge(share);
                share.Dispose();
            }
        }

        _shares.RemoveAll(share => Array.IndexOf(_candidate, share) < 0);
    }

    private bool Judge(Share share)
    {
        var isRight = share.Value.Length == _secretLength && IsOnPolynomial(share);
        _right |= isRight ? Bit(share.Index) : (ushort)0;
        _wrong |= isRight ? (ushort)0 : Bit(share.Index);
        return isRight;
    }

    private bool IsOnPolynomial(Share share)
    {
        Span<byte> coordinates = stackalloc byte[_candidate.Length];
        Span<byte> weights = stackalloc byte[_candidate.Length];
        for (var i = 0; i < coordinates.Length; i++)
        {
            coordinates[i] = (byte)_candidate[i].Index;
        }

        Lagrange.ComputeWeights(coordinates, (byte)share.Index, weights);
        var value = share.Value.Span;
        using var expected = new SecretBytes(Math.Min(value.Length, LinearCombination.StretchLength));
        var isRight = true;
        for (var start = 0; start < value.Length; start += expected.Length)
        {
            var part = expected.Span[..Math.Min(expected.Length, value.Length - start)];
            var sum = new LinearCombination(part, _scheme.Kernel);
            for (var i = 0; i < weights.Length; i++)
            {
                sum.Add(weights[i], _candidate[i].Value.Span.Slice(start, part.Length));
            }

            sum.Complete();
            isRight &= CryptographicOperations.FixedTimeEquals(part, value.Slice(start, part.Length));
        }

        return isRight;
    }
}
