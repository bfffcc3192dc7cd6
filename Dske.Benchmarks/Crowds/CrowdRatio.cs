using Dske.Benchmarks.Guard;

namespace Dske.Benchmarks.Crowds;

/// <summary>The processor time of a share at a hub with many registered clients, as a multiple of that at a hub which has the active ones alone.</summary>
internal sealed class CrowdRatio(CrowdedHub few, CrowdedHub many) : IGuardedRatio
{
    private const int KeysAtATime = 64;

    // The two take turns within a round as well, so that what else the machine does strikes both.
    private const int TurnsPerRound = 40;

    /// <inheritdoc />
    public string Name => "a share at a hub with many clients, against one with few";

    /// <inheritdoc />
    public double Limit => 1.3;

    /// <inheritdoc />
    public async Task WarmUpAsync() => await MeasureRoundAsync();

    /// <inheritdoc />
    public async Task<double> MeasureRoundAsync()
    {
        var (withFew, withMany) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var turn = 0; turn < TurnsPerRound; turn++)
        {
            withFew += await few.ExchangeAsync(KeysAtATime);
            withMany += await many.ExchangeAsync(KeysAtATime);
        }

        return withMany / withFew;
    }

    /// <summary>Does nothing: the hubs are their maker's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
