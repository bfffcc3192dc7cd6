namespace Dske.Cli.Certificates;

/// <summary>A revocation list that was written.</summary>
/// <param name="List">Its file.</param>
/// <param name="Revoked">The files of the certificates that were added.</param>
/// <param name="NextUpdate">When it ends: it has to be written again before.</param>
internal sealed record RevocationResult(string List, IReadOnlyList<string> Revoked, DateTimeOffset NextUpdate);
