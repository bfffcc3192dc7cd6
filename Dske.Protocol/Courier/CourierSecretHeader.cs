using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Courier;

/// <summary>
/// How a secret gets from the operator's command to a node on the same machine: the header <c>DSKE-Courier-Secret</c>, <c>passphrase</c> or <c>key</c>,
/// a blank, and the bytes in base64. Never in a URL.
/// </summary>
public static class CourierSecretHeader
{
    /// <summary>The name of the header.</summary>
    public const string Name = "DSKE-Courier-Secret";

    private const int MaxLength = 2048;

    /// <summary>Reads a header.</summary>
    /// <param name="value">Its value; null when it is absent.</param>
    /// <param name="secret">The secret, which the caller disposes, when the result is true.</param>
    /// <returns>False when it is absent or anything else.</returns>
    public static bool TryParse(string? value, [NotNullWhen(true)] out CourierSecret? secret)
    {
        secret = null;
        if (value is not { Length: > 0 and <= MaxLength } || value.IndexOf(' ') is not (> 0 and var blank))
        {
            return false;
        }

        CourierSecretKind? kind = value.AsSpan(0, blank) switch { "passphrase" => CourierSecretKind.Passphrase, "key" => CourierSecretKind.KeyFile, _ => null };
        using var text = new SecretBytes(value.Length - blank - 1);
        if (kind is null
            || Ascii.FromUtf16(value.AsSpan(blank + 1), text.Span, out _) != OperationStatus.Done
            || !SecretBase64.TryDecode(text.Span, out var bytes))
        {
            return false;
        }

        using (bytes)
        {
            return CourierSecret.TryCreate(kind.Value, bytes.Span, out secret);
        }
    }

    /// <summary>Writes a header. It is text, as web clients take nothing else: for one request, not to be kept.</summary>
    /// <param name="secret">The secret; stays the caller's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="secret"/> is null.</exception>
    public static string Format(CourierSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return $"{(secret.Kind == CourierSecretKind.Passphrase ? "passphrase" : "key")} {Convert.ToBase64String(secret.Span)}";
    }
}
