using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

[assembly: Dske.Tests.Limits.TimeLimit]

namespace Dske.Tests.Limits;

/// <summary>
/// Cancels a test that runs far longer than any of them takes: what waits for something that never comes is to fail and be named, not to keep
/// all others waiting.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class TimeLimitAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan InProcess = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan Distributed = TimeSpan.FromMinutes(11);

    private readonly ConcurrentDictionary<string, ITimer> _timers = new();

    /// <inheritdoc />
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var limit = test.Traits.TryGetValue("Tier", out var tiers) && tiers.Contains("Distributed") ? Distributed : InProcess;
        _timers[test.UniqueID] = TimeProvider.System.CreateTimer(
            static context => ((ITestContext)context!).CancelCurrentTest(), TestContext.Current, limit, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc />
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_timers.TryRemove(test.UniqueID, out var timer))
        {
            timer.Dispose();
        }
    }
}
