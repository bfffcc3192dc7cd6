namespace Dske.Benchmarks.Guard;

/// <summary>
/// What some code of ours costs, as a multiple of what something else costs that is measured in the same run: the machine, and what else it
/// does, strike both.
/// </summary>
internal interface IGuardedRatio : IAsyncDisposable
{
    /// <summary>What is compared with what.</summary>
    string Name { get; }

    /// <summary>The greatest ratio that is no regression; where it is set, it says why.</summary>
    double Limit { get; }

    /// <summary>Runs both until they are compiled for good.</summary>
    Task WarmUpAsync();

    /// <summary>Measures both, one after the other.</summary>
    /// <returns>The ratio of this round.</returns>
    Task<double> MeasureRoundAsync();
}
