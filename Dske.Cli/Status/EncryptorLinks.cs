namespace Dske.Cli.Status;

/// <summary>The secure links that an encryptor lists.</summary>
/// <param name="Links">The links.</param>
internal sealed record EncryptorLinks(IReadOnlyList<SecureLinkStatus> Links);
