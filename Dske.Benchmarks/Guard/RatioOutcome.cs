using System.Globalization;

namespace Dske.Benchmarks.Guard;

/// <summary>What all rounds of a ratio say: the median, since one round may fall into anything else that the machine does.</summary>
internal sealed record RatioOutcome
{
    /// <summary>Sums up rounds.</summary>
    /// <param name="name">What was compared.</param>
    /// <param name="rounds">The ratio of each round; an odd number of them.</param>
    /// <param name="limit">The greatest median that is no regression.</param>
    /// <exception cref="ArgumentException">The number of rounds is even.</exception>
    public RatioOutcome(string name, IReadOnlyList<double> rounds, double limit)
    {
        if (rounds.Count % 2 == 0)
        {
            throw new ArgumentException("Only an odd number of rounds has one in the middle.", nameof(rounds));
        }

        (Name, Rounds, Limit) = (name, rounds, limit);
        Median = rounds.Order().ElementAt(rounds.Count / 2);
    }

    /// <summary>What was compared.</summary>
    public string Name { get; }

    /// <summary>The ratio of each round, in their order.</summary>
    public IReadOnlyList<double> Rounds { get; }

    /// <summary>The greatest median that is no regression.</summary>
    public double Limit { get; }

    /// <summary>The ratio in the middle.</summary>
    public double Median { get; }

    /// <summary>Whether the code has become slower than it may.</summary>
    public bool IsRegression => Median > Limit;

    /// <summary>One line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsRegression ? "slower" : "ok"),-8}{Name}: {Median:F2} (at most {Limit:F2}; rounds: {string.Join(" ", Rounds.Select(round => round.ToString("F2", CultureInfo.InvariantCulture)))})");
}
