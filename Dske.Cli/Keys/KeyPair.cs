namespace Dske.Cli.Keys;

/// <summary>What both ends got, compared.</summary>
/// <param name="Master">The SAE that got fresh keys.</param>
/// <param name="Slave">The SAE that got the same.</param>
/// <param name="Keys">The keys.</param>
internal sealed record KeyPair(string Master, string Slave, IReadOnlyList<ComparedKey> Keys)
{
    /// <summary>Whether every key is the same at both ends.</summary>
    public bool Equal => Keys.All(key => key.Equal);
}
