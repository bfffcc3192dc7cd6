using Dske.Protocol.Secrets;

namespace Dske.Protocol.SecretSharing;

/// <summary>One share of a secret: where the sharing polynomials were evaluated, and their values there.</summary>
/// <remarks>Owns its value. One owner at a time, as for <see cref="SecretBytes"/>.</remarks>
public sealed class Share : IDisposable
{
    /// <summary>Puts a share together.</summary>
    /// <param name="index">
    /// The index, which may be any number: what a peer claims is judged by <see cref="ShamirScheme.Combine"/> and
    /// <see cref="ShareCollector.Add"/>, for which only 0 to n-1 counts.
    /// </param>
    /// <param name="value">The value, as long as the secret. The share owns it from now on.</param>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    public Share(int index, SecretBytes value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Index = index;
        Value = value;
    }

    /// <summary>The index, also the number of the hub that relays the share.</summary>
    public int Index { get; }

    /// <summary>The value. It stays the share's.</summary>
    public SecretBytes Value { get; }

    /// <summary>Zeroes the value. Harmless when repeated.</summary>
    public void Dispose() => Value.Dispose();

    /// <summary>Says which share it is and how long, never what it holds.</summary>
    public override string ToString() => $"Share({Index}, {Value.Length} bytes)";
}
