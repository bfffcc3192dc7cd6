using Dske.Benchmarks.Nodes;

namespace Dske.Benchmarks.Load;

/// <summary>Puts a load on a network, once.</summary>
internal sealed class LoadRun(LoadPlan plan, NodeWatch nodes, TimeProvider time)
{
    /// <summary>Warms up, then measures.</summary>
    /// <param name="stop">Ends both early; what was measured by then counts.</param>
    public async Task<LoadResult> RunAsync(CancellationToken stop)
    {
        using var http = LoadHttp.Create(plan.Concurrency);
        var workers = Enumerable.Range(0, plan.Concurrency)
            .Select(i => new LoadWorker(plan, plan.Routes[i % plan.Routes.Count], http, time))
            .ToList();
        try
        {
            if (plan.WarmUp > TimeSpan.Zero)
            {
                await RunAsync(workers, plan.WarmUp, long.MaxValue, stop);
            }

            nodes.Begin();
            var own = Environment.CpuUsage.TotalTime;
            var began = time.GetTimestamp();
            var tally = await RunAsync(workers, plan.Duration, plan.Exchanges, stop);
            var elapsed = time.GetElapsedTime(began);
            own = Environment.CpuUsage.TotalTime - own;
            return new LoadResult(elapsed, tally, own, Environment.WorkingSet, nodes.End());
        }
        finally
        {
            workers.ForEach(worker => worker.Dispose());
        }
    }

    private async Task<LoadTally> RunAsync(List<LoadWorker> workers, TimeSpan duration, long exchanges, CancellationToken stop)
    {
        var left = exchanges;
        var began = time.GetTimestamp();
        var tallies = workers.ConvertAll(_ => new LoadTally());
        await Task.WhenAll(workers.Select((worker, i) => Task.Run(() => worker.RunAsync(MayBegin, tallies[i]), CancellationToken.None)));

        var sum = new LoadTally();
        tallies.ForEach(sum.Add);
        sum.Sort();
        return sum;

        bool MayBegin() => !stop.IsCancellationRequested && time.GetElapsedTime(began) < duration && Interlocked.Decrement(ref left) >= 0;
    }
}
