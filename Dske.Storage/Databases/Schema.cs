namespace Dske.Storage.Databases;

/// <summary>
/// What a database looks like: the steps that lead from nothing to the present version, in order. A step that was ever released is never
/// changed; a new version is a new step.
/// </summary>
/// <param name="ApplicationId">Marks the file as one of this kind (SQLite's <c>application_id</c>).</param>
/// <param name="Steps">SQL; the step at index i leads from version i to version i + 1. Each runs in a transaction of its own.</param>
internal sealed record Schema(int ApplicationId, IReadOnlyList<string> Steps)
{
    /// <summary>The present version.</summary>
    public int Version => Steps.Count;
}
