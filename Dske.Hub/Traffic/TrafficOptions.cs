namespace Dske.Hub.Traffic;

/// <summary>How much a hub takes from those it does not trust, section <c>Dske:Hub:Traffic</c>.</summary>
internal sealed class TrafficOptions
{
    /// <summary>
    /// How many out-of-band requests a second one client may make, or one address without a valid enrolment token. Further ones get 429. 1 to
    /// 100,000; default 200.
    /// </summary>
    public int OutOfBandPerSecond { get; set; } = 200;

    /// <summary>How many such requests may come at once before <see cref="OutOfBandPerSecond"/> holds. 1 to 100,000; default 500.</summary>
    public int OutOfBandBurst { get; set; } = 500;

    /// <summary>
    /// The bytes that bodies of in-band messages may take, all together, while it is not known yet whether they are authentic. Bodies that
    /// are announced with at most 16 KiB may take a quarter more, so that large ones do not keep them out. A message that finds no room gets 503. At least one message of
    /// the largest size, 4 MiB; default 64 MiB.
    /// </summary>
    public long MaxUnverifiedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>What is wrong with the values: one line for each, naming its key.</summary>
    /// <param name="section">The section that they stand in.</param>
    public IEnumerable<string> FindProblems(string section)
    {
        if (OutOfBandPerSecond is < 1 or > 100_000)
        {
            yield return $"{section}:{nameof(OutOfBandPerSecond)} is {OutOfBandPerSecond}; give a number from 1 to 100000.";
        }

        if (OutOfBandBurst is < 1 or > 100_000)
        {
            yield return $"{section}:{nameof(OutOfBandBurst)} is {OutOfBandBurst}; give a number from 1 to 100000.";
        }

        if (MaxUnverifiedBytes < UnverifiedBodies.MaxBody)
        {
            yield return $"{section}:{nameof(MaxUnverifiedBytes)} is {MaxUnverifiedBytes}; give {UnverifiedBodies.MaxBody} bytes or more.";
        }
    }
}
