using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Secrets;

namespace Dske.Protocol.Enrolment;

/// <summary>
/// The text of an enrolment token, <c>dske1.PAYLOAD.MAC</c> in ASCII: a bearer token (RFC 6750) that a hub's operator makes with the
/// hub's <see cref="EnrolmentKey"/> and a courier brings to a client.
/// </summary>
/// <remarks>
/// <para>
/// PAYLOAD is <c>{"hub":"hank","client":"carol","encryptors":["sam"]}</c> without white space, the encryptors each once and in ordinal
/// order, in base64url without padding (RFC 4648 section 5). MAC is HMAC-SHA256 with the hub's key over everything before the second
/// dot, in base64url too. A grant has one spelling, and any other one is no token.
/// </para>
/// <para>The text is a secret: whoever has it can register as the client. It lives in <see cref="SecretBytes"/>.</para>
/// </remarks>
public static class EnrolmentToken
{
    /// <summary>
    /// The greatest length in bytes: 16 KiB, half of what web servers take as the headers of one request. Enough for 250 encryptors
    /// with names of 45 characters.
    /// </summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The length of the encoded MAC: 32 bytes in base64url.</summary>
    internal const int MacTextLength = 43;

    private static readonly SearchValues<byte> Base64UrlCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Reads what a token says. Only the hub can tell whether it is genuine (<see cref="EnrolmentKey.TryVerify"/>).</summary>
    /// <param name="token">The text in ASCII.</param>
    /// <param name="grant">What it says, when the result is true.</param>
    /// <returns>False when the text is no token.</returns>
    public static bool TryRead(ReadOnlySpan<byte> token, [NotNullWhen(true)] out EnrolmentGrant? grant)
    {
        grant = null;
        return TrySplit(token, out var signed, out var mac)
            && !mac.ContainsAnyExcept(Base64UrlCharacters)
            && TryReadSigned(signed, out grant);
    }

    /// <summary>The part of a token that the MAC covers.</summary>
    internal static byte[] FormatSigned(EnrolmentGrant grant)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(
            new EnrolmentPayload { Hub = grant.Hub.Value, Client = grant.Client.Value, Encryptors = [.. grant.Encryptors.Select(encryptor => encryptor.Value)] },
            EnrolmentPayload.Json.EnrolmentPayload);
        return [.. Encoding.ASCII.GetBytes(Labels.EnrolmentToken), .. Base64Url.EncodeToUtf8(payload)];
    }

    /// <summary>Cuts a token of a possible length at the dot before its MAC.</summary>
    internal static bool TrySplit(ReadOnlySpan<byte> token, out ReadOnlySpan<byte> signed, out ReadOnlySpan<byte> mac)
    {
        signed = mac = default;
        var dot = token.Length - MacTextLength - 1;
        if (dot <= 0 || token.Length > MaxLength || token[dot] != (byte)'.')
        {
            return false;
        }

        signed = token[..dot];
        mac = token[(dot + 1)..];
        return true;
    }

    /// <summary>Writes the MAC of the signed part.</summary>
    internal static void WriteMac(SecretBytes key, ReadOnlySpan<byte> signed, Span<byte> text)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, signed, mac);
        Base64Url.EncodeToUtf8(mac, text);
        CryptographicOperations.ZeroMemory(mac);
    }

    /// <summary>Reads the signed part. What is not spelled as we would spell it is refused.</summary>
    internal static bool TryReadSigned(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out EnrolmentGrant? grant)
    {
        grant = null;
        var encoded = signed[Math.Min(Labels.EnrolmentToken.Length, signed.Length)..];
        if (encoded.ContainsAnyExcept(Base64UrlCharacters))
        {
            return false;
        }

        var json = new byte[Base64Url.GetMaxDecodedLength(encoded.Length)];
        if (Base64Url.DecodeFromUtf8(encoded, json, out _, out var length) != OperationStatus.Done || !TryReadPayload(json.AsSpan(0, length), out var read))
        {
            return false;
        }

        grant = FormatSigned(read).AsSpan().SequenceEqual(signed) ? read : null;
        return grant is not null;
    }

    private static bool TryReadPayload(ReadOnlySpan<byte> json, [NotNullWhen(true)] out EnrolmentGrant? grant)
    {
        grant = null;
        EnrolmentPayload? payload;
        try
        {
            payload = JsonSerializer.Deserialize(json, EnrolmentPayload.Json.EnrolmentPayload);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }

        if (payload is null
            || !NodeName.TryParse(payload.Hub, out var hub)
            || !NodeName.TryParse(payload.Client, out var client)
            || payload.Encryptors.Count > RegistrationRequest.MaxEncryptors)
        {
            return false;
        }

        var encryptors = new List<SaeId>(payload.Encryptors.Count);
        foreach (var text in payload.Encryptors)
        {
            if (!SaeId.TryParse(text, out var encryptor))
            {
                return false;
            }

            encryptors.Add(encryptor);
        }

        grant = new EnrolmentGrant(hub, client, encryptors);
        return true;
    }
}
