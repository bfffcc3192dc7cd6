namespace Dske.Tests.Unit.SecretSharing;

/// <summary>All choices of some of several things.</summary>
internal static class Subsets
{
    /// <summary>Every subset of <paramref name="size"/> items, in the order of the items.</summary>
    public static IEnumerable<T[]> OfSize<T>(IReadOnlyList<T> items, int size) =>
        Enumerable.Range(0, 1 << items.Count)
            .Where(bits => int.PopCount(bits) == size)
            .Select(bits => items.Where((_, i) => ((bits >> i) & 1) != 0).ToArray());
}
