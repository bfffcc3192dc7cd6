using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Dske.Protocol.Secrets;

namespace Dske.Console.Access;

/// <summary>
/// What a browser on another machine shows: first the token, by <c>/login?t=TOKEN</c>, then a cookie that is derived from it, so that the
/// token itself is kept nowhere.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class PageToken : IDisposable
{
    /// <summary>The fewest characters of a token.</summary>
    public const int MinLength = 32;

    /// <summary>The most characters of a token.</summary>
    public const int MaxLength = 256;

    private const string Scheme = "Bearer ";

    // Of digests nobody learns the token, and all are equally long.
    private readonly SecretBytes _digest;

    private PageToken(SecretBytes digest) => _digest = digest;

    /// <summary>Reads a token.</summary>
    /// <param name="path">The file, readable for its owner alone, with the token as its only line.</param>
    /// <param name="token">The token, which the caller disposes, when the result is true.</param>
    /// <param name="problem">What is wrong with the file and what to do, when the result is false.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out PageToken? token, [NotNullWhen(false)] out string? problem)
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

            token = new PageToken(DigestOf(line.Span));
            return true;
        }
    }

    /// <summary>Whether a text is the token; how long that takes does not tell how much of another one is right.</summary>
    /// <param name="text">The text, or null.</param>
    public bool IsToken(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength || !Ascii.IsValid(text))
        {
            return false;
        }

        using var shown = new SecretBytes(text.Length);
        Encoding.ASCII.GetBytes(text, shown.Span);
        using var digest = DigestOf(shown.Span);
        return _digest.FixedTimeEquals(digest);
    }

    /// <summary>Whether a value of an <c>Authorization</c> header carries the token: <c>Bearer TOKEN</c>.</summary>
    /// <param name="authorization">The value, or null.</param>
    public bool IsBearer(string? authorization) =>
        authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true && IsToken(authorization.AsSpan(Scheme.Length));

    /// <summary>What a browser keeps once it has shown the token. It is as good as the token for these pages and does not tell it.</summary>
    public string CreateCookie()
    {
        Span<byte> value = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(_digest.Span, "dske console session"u8, value);
        return Base64Url.EncodeToString(value);
    }

    /// <summary>Whether a browser has shown the token before.</summary>
    /// <param name="cookie">The value of its cookie, or null.</param>
    public bool IsCookie(string? cookie) => cookie is not null
        && Ascii.IsValid(cookie)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(cookie), Encoding.ASCII.GetBytes(CreateCookie()));

    /// <inheritdoc />
    public void Dispose() => _digest.Dispose();

    private static SecretBytes DigestOf(ReadOnlySpan<byte> text)
    {
        var digest = new SecretBytes(SHA256.HashSizeInBytes);
        SHA256.HashData(text, digest.Span);
        return digest;
    }
}
