namespace Dske.ServiceDefaults.Health;

/// <summary>The names that health probes go by, at every node.</summary>
public static class NodeHealth
{
    /// <summary>Where a node says whether it is ready: all its health checks pass.</summary>
    public const string ReadyPath = "/health";

    /// <summary>Where a node says whether it is alive: it answers, ready or not.</summary>
    public const string AlivePath = "/alive";

    /// <summary>The tag of a health check that counts for <see cref="AlivePath"/>, and not just for <see cref="ReadyPath"/>.</summary>
    public const string LiveTag = "live";
}
