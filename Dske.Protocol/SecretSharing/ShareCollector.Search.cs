using System.Numerics;

namespace Dske.Protocol.SecretSharing;

/// <content>From shares to the secret.</content>
public sealed partial class ShareCollector
{
    // What sets of k have to leave of the limit, so that they cannot use it up before further shares show who lied.
    private const int AgreementPercent = 7;

    // Any two of these sets share fewer than k indexes: otherwise they would stand for the same candidate.
    private readonly List<ushort> _tried = [];
    private int _triedWithSuspects;

    // Sets without the newest share were tried when those came.
    private CollectOutcome Search(Share newest)
    {
        var shares = _shares.FindAll(share => share.Value.Length == newest.Value.Length);
        if (shares.Count < _scheme.Threshold)
        {
            return CollectOutcome.Kept;
        }

        return SearchByAgreement(shares) ? CollectOutcome.Recovered : SearchByLuck(newest, shares);
    }

    // Tries what more than k shares agree on.
    private bool SearchByAgreement(List<Share> shares)
    {
        if (shares.Count == _scheme.Threshold)
        {
            return false;
        }

        var limit = LimitFor(shares[0].Value.Length);
        using var locator = new ErrorLocator([.. shares.OrderBy(share => IsSuspect(share.Index) ? 0 : 1)], _scheme.Threshold);
        return locator.Search(indexes => !IsTried(indexes) && CandidatesTried < limit && Try(indexes, shares));
    }

    // Tries the newest share with every choice of k-1 earlier ones, suspects' ones last.
    private CollectOutcome SearchByLuck(Share newest, List<Share> shares)
    {
        Share[] earlier = [.. shares.Where(share => share != newest).OrderBy(share => IsSuspect(share.Index) ? 1 : 0)];
        var limit = LimitFor(newest.Value.Length);
        limit -= limit * AgreementPercent / 100;
        var limitWithSuspects = limit - Math.Min(CountSetsWithoutSuspects(), limit / 2);
        for (var choice = (1 << (_scheme.Threshold - 1)) - 1; choice < 1 << earlier.Length; choice = NextChoice(choice))
        {
            var indexes = Bit(newest.Index);
            for (var i = 0; i < earlier.Length; i++)
            {
                indexes |= ((choice >> i) & 1) != 0 ? Bit(earlier[i].Index) : (ushort)0;
            }

            if (IsTried(indexes))
            {
                continue;
            }

            var withSuspects = (indexes & _suspects) != 0;
            if (CandidatesTried >= limit || (withSuspects && _triedWithSuspects >= limitWithSuspects))
            {
                return CollectOutcome.Exhausted;
            }

            _triedWithSuspects += withSuspects ? 1 : 0;
            if (Try(indexes, shares))
            {
                return CollectOutcome.Recovered;
            }
        }

        return CollectOutcome.Kept;
    }

    private int LimitFor(int length) => Math.Min(MaxCandidates, Math.Max(1, MaxBytes / length));

    private int CountSetsWithoutSuspects()
    {
        var others = _scheme.ShareCount - BitOperations.PopCount(_suspects);
        var count = others < _scheme.Threshold ? 0 : 1;
        for (var i = 1; i <= _scheme.Threshold && count > 0; i++)
        {
            count = count * (others - _scheme.Threshold + i) / i;
        }

        return count;
    }

    private bool Try(ushort indexes, List<Share> shares)
    {
        _tried.Add(indexes);
        var next = 0;
        foreach (var share in shares)
        {
            if (next < _candidate.Length && (indexes & Bit(share.Index)) != 0)
            {
                _candidate[next++] = share;
            }
        }

        if (_scheme.Combine(_candidate, out _secret) != CombineOutcome.Combined)
        {
            return false;
        }

        _secretLength = _secret!.Length;
        JudgeAll();
        return true;
    }

    private bool IsSuspect(int index) => (_suspects & Bit(index)) != 0;

    private bool IsTried(ushort indexes)
    {
        // Backwards: what fits together is mostly part of what was tried just before.
        return _tried.FindLastIndex(tried => BitOperations.PopCount((uint)(tried & indexes)) >= _scheme.Threshold) >= 0;
    }

    // The next greater number with as many bits (Gosper): every choice among the first items comes before any with a later item.
    private static int NextChoice(int choice)
    {
        var lowest = choice & -choice;
        var carried = choice + lowest;
        return carried | (((choice ^ carried) / lowest) >> 2);
    }
}
