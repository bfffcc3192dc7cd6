using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Secrets;

namespace Dske.AppHost.Launch;

/// <summary>
/// <c>operator.token</c> in the data directory: what the operator of the network shows its nodes for what they do for nobody else. Made anew at each
/// start; only its owner may look into it.
/// </summary>
/// <param name="dataDirectory">The full path of the data directory.</param>
internal sealed class OperatorFile(string dataDirectory)
{
    private const string Name = "operator.token";
    private const int EntropyLength = 32;

    /// <summary>The full path of the file.</summary>
    public string Path { get; } = System.IO.Path.Combine(dataDirectory, Name);

    /// <summary>Draws a token and writes it.</summary>
    /// <param name="entropy">Where it is drawn from.</param>
    /// <param name="problem">What is wrong and what to do, when the result is false.</param>
    public bool TryRenew(IEntropySource entropy, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        try
        {
            using var random = entropy.NextSecret(EntropyLength);
            using var digits = new SecretBytes(2 * EntropyLength);
            Convert.TryToHexStringLower(random.Span, digits.Span, out _);
            OwnerOnlyFile.WriteLine(Path, digits.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"The operator's token cannot be written: {e.Message} See to it that {Path} can be written, or name another directory with --data.";
        }

        return problem is null;
    }
}
