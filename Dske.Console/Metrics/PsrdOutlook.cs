using Dske.Console.Metrics.Charts;
using Dske.Console.Telemetry.Metrics;

namespace Dske.Console.Metrics;

/// <summary>
/// What becomes of PSRD that is spent on as in the last minute. Clients fill it up when it falls below a level; what is above that is nothing to
/// worry about, however fast it is spent.
/// </summary>
/// <param name="refillBelow">The bytes below which clients fetch more.</param>
public sealed class PsrdOutlook(long refillBelow)
{
    /// <summary>The owner whose PSRD clients spend.</summary>
    public const string Client = "client";

    /// <summary>The owner whose PSRD hubs spend.</summary>
    public const string Hub = "hub";

    /// <summary>What lasts no longer than this runs out soon: 5 minutes.</summary>
    public static TimeSpan Soon { get; } = TimeSpan.FromMinutes(5);

    /// <summary>What lasts no longer than this runs out very soon: 1 minute.</summary>
    public static TimeSpan VerySoon { get; } = TimeSpan.FromMinutes(1);

    /// <summary>A link and an owner in words: carol to hank, the client's.</summary>
    /// <param name="level">The PSRD.</param>
    /// <exception cref="ArgumentNullException"><paramref name="level"/> is null.</exception>
    public static string NameOf(PsrdLevel level)
    {
        ArgumentNullException.ThrowIfNull(level);
        return $"{level.Client} to {level.Hub}, the {level.Owner}'s";
    }

    /// <summary>How much there is to worry.</summary>
    /// <param name="level">The PSRD.</param>
    /// <exception cref="ArgumentNullException"><paramref name="level"/> is null.</exception>
    public PsrdConcern ConcernOf(PsrdLevel level)
    {
        ArgumentNullException.ThrowIfNull(level);
        return level switch
        {
            { IsStale: true } => PsrdConcern.Unknown,
            { Bytes: 0 } => PsrdConcern.UsedUp,
            _ when level.Bytes >= refillBelow => PsrdConcern.None,
            { TimeLeft: { } left } when left <= VerySoon => PsrdConcern.VerySoon,
            { TimeLeft: { } left } when left <= Soon => PsrdConcern.Soon,
            _ => PsrdConcern.None,
        };
    }

    /// <summary>The levels, those to worry about first, the worst of them at the top; otherwise in their order, so that rows keep their places.</summary>
    /// <param name="levels">The levels.</param>
    public IReadOnlyList<PsrdLevel> Order(IEnumerable<PsrdLevel> levels)
        => [.. levels.OrderByDescending(ConcernOf).ThenBy(level => ConcernOf(level) is PsrdConcern.Soon or PsrdConcern.VerySoon ? level.TimeLeft : null)];

    /// <summary>What to say about it.</summary>
    /// <param name="level">The PSRD.</param>
    /// <exception cref="ArgumentNullException"><paramref name="level"/> is null.</exception>
    public string Describe(PsrdLevel level) => ConcernOf(level) switch
    {
        PsrdConcern.Unknown => "not reported any more",
        PsrdConcern.UsedUp => "used up",
        PsrdConcern.Soon or PsrdConcern.VerySoon => $"runs out in {Quantity.Of(level.TimeLeft)}",
        _ => level.TimeLeft is null ? "not being spent" : $"lasts {Quantity.Of(level.TimeLeft)}",
    };
}
