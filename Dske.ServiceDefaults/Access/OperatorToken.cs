using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Secrets;
using Microsoft.Extensions.Primitives;

namespace Dske.ServiceDefaults.Access;

/// <summary>What an operator on another machine shows: <c>Authorization: Bearer TOKEN</c> (RFC 6750 section 2.1).</summary>
internal sealed class OperatorToken : IDisposable
{
    /// <summary>The fewest characters of a token.</summary>
    public const int MinLength = 32;

    /// <summary>The most characters of a token.</summary>
    public const int MaxLength = 256;

    private const string Scheme = "Bearer ";

    // Of a digest nobody learns the token, and all digests are equally long.
    private readonly SecretBytes _digest;

    private OperatorToken(SecretBytes digest) => _digest = digest;

    /// <summary>Reads a token.</summary>
    /// <param name="path">The file, readable for its owner alone, with the token as its only line.</param>
    /// <param name="token">The token, which the caller disposes, when the result is true.</param>
    /// <param name="problem">What is wrong with the file and what to do, when the result is false.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out OperatorToken? token, [NotNullWhen(false)] out string? problem)
    {
        token = null;
        if (!OwnerOnlyFile.TryRead(path, MaxLength, out var line, out problem))
        {
            return false;
        }

        using (line)
        {
            if (line.Length < MinLength || line.Span.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            {
                problem = $"{path} has to hold {MinLength} to {MaxLength} visible ASCII characters and nothing else: openssl rand -hex 32 makes some.";
                return false;
            }

            token = new OperatorToken(DigestOf(line.Span));
            return true;
        }
    }

    /// <summary>Whether a request carries the token; how long that takes does not tell how much of another one is right.</summary>
    /// <param name="authorization">The values of the <c>Authorization</c> header.</param>
    public bool IsShownBy(StringValues authorization)
    {
        if (authorization.Count != 1
            || authorization[0] is not { } value
            || value.Length > Scheme.Length + MaxLength
            || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || !Ascii.IsValid(value))
        {
            return false;
        }

        var text = value.AsSpan(Scheme.Length);
        using var token = new SecretBytes(text.Length);
        Encoding.ASCII.GetBytes(text, token.Span);
        using var shown = DigestOf(token.Span);
        return _digest.FixedTimeEquals(shown);
    }

    public void Dispose() => _digest.Dispose();

    private static SecretBytes DigestOf(ReadOnlySpan<byte> text)
    {
        var digest = new SecretBytes(SHA256.HashSizeInBytes);
        SHA256.HashData(text, digest.Span);
        return digest;
    }
}
