namespace Dske.Client.Endpoints;

/// <summary>Which paths are SKIP's: three at the root, where the draft puts them, and all below <c>/client/{client}/skip</c>.</summary>
internal static class SkipPaths
{
    /// <summary>What stands before SKIP's paths, below the name of the client.</summary>
    public const string Segment = "/skip";

    private static readonly PathString[] AtRoot = ["/capabilities", "/key", "/entropy"];

    /// <summary>Whether a path is one of them, or lies below one, whether or not it leads anywhere.</summary>
    public static bool Contain(PathString path)
    {
        if (!path.StartsWithSegments("/client", out var rest))
        {
            return Array.Exists(AtRoot, prefix => path.StartsWithSegments(prefix));
        }

        var end = rest.Value!.IndexOf('/', Math.Min(1, rest.Value.Length));
        return end > 0 && new PathString(rest.Value[end..]).StartsWithSegments(Segment);
    }
}
