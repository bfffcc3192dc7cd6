using System.Buffers.Text;
using Dske.Protocol.Secrets;

namespace Dske.Encryptor.Sinks;

/// <summary>How a key is written down for equipment.</summary>
/// <param name="Encoding">What becomes of its bytes.</param>
/// <param name="FinalNewline">Whether a line break follows.</param>
internal sealed record KeyFormat(KeyEncoding Encoding, bool FinalNewline)
{
    /// <summary>Writes a key down.</summary>
    /// <param name="key">The key; it stays the caller's.</param>
    /// <returns>The text, which the caller owns and disposes.</returns>
    public SecretBufferWriter Write(SecretBytes key)
    {
        // Room for all of it at once, so that nothing is copied about.
        var text = new SecretBufferWriter((2 * key.Length) + 1);
        switch (Encoding)
        {
            case KeyEncoding.Base64:
                Base64.EncodeToUtf8(key.Span, text.GetSpan(Base64.GetMaxEncodedToUtf8Length(key.Length)), out _, out var written);
                text.Advance(written);
                break;
            case KeyEncoding.Hex:
                SecretHex.Append(key.Span, text);
                break;
            default:
                key.Span.CopyTo(text.GetSpan(key.Length));
                text.Advance(key.Length);
                break;
        }

        if (FinalNewline)
        {
            text.GetSpan(1)[0] = (byte)'\n';
            text.Advance(1);
        }

        return text;
    }
}
