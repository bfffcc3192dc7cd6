using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Secrets;

namespace Dske.AppHost.Control;

/// <summary>What another process shows to control the resources: 64 hexadecimal digits, drawn anew at each start.</summary>
internal sealed class ControlToken : IDisposable
{
    private const int EntropyLength = 32;

    private const string Scheme = "Bearer ";

    private readonly SecretBytes _digits;

    private ControlToken(SecretBytes digits) => _digits = digits;

    /// <summary>The digits in ASCII.</summary>
    public ReadOnlySpan<byte> Digits => _digits.Span;

    /// <summary>Draws a token.</summary>
    public static ControlToken Draw(IEntropySource entropy)
    {
        using var random = entropy.NextSecret(EntropyLength);
        var digits = new SecretBytes(2 * EntropyLength);
        Convert.TryToHexStringLower(random.Span, digits.Span, out _);
        return new ControlToken(digits);
    }

    /// <summary>Whether an <c>Authorization</c> header carries this token. Takes as long for any header of the right length.</summary>
    public bool IsCarriedBy(string? authorization)
    {
        if (authorization is null
            || authorization.Length != Scheme.Length + _digits.Length
            || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        Span<byte> shown = stackalloc byte[2 * EntropyLength];
        var isText = Encoding.ASCII.TryGetBytes(authorization.AsSpan(Scheme.Length), shown, out var length) && length == shown.Length;
        var matches = isText && CryptographicOperations.FixedTimeEquals(shown, _digits.Span);
        CryptographicOperations.ZeroMemory(shown);
        return matches;
    }

    public void Dispose() => _digits.Dispose();
}
