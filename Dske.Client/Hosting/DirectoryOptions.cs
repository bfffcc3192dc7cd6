namespace Dske.Client.Hosting;

/// <summary>
/// Another client and its encryptors, <c>Dske:Client:Directory:{i}</c>: for networks whose hubs cannot be asked. What is said here is believed
/// before the hubs.
/// </summary>
internal sealed class DirectoryOptions
{
    /// <summary>The client's name: a DNS label. It is its KME ID. No default.</summary>
    public string? Name { get; set; }

    /// <summary>The SAE IDs of the encryptors attached to it. The client's own name is always one of them.</summary>
    public IList<string> Encryptors { get; set; } = [];
}
