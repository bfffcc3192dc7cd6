using System.ComponentModel;
using System.Text.Json.Serialization;
using Dske.Encryptor.Links;
using Dske.Protocol.SecureLinks;

namespace Dske.Encryptor.Endpoints;

/// <summary>A request to keep a link. Also how it is kept over a restart.</summary>
/// <param name="Cipher">The cipher's name.</param>
/// <param name="RollOverSeconds">After how many seconds fresh keys come.</param>
/// <param name="RollOverBytes">After how many bytes fresh keys come.</param>
/// <param name="MaxKeyAgeSeconds">How long keys are used when no fresh ones can be had.</param>
/// <param name="PadBytes">How many bytes of pad to keep for each direction.</param>
internal sealed record LinkRequest(
    [property: JsonPropertyName("cipher")]
    [property: Description("aes-256-gcm, or one-time-pad.")]
    string Cipher = LinkRequest.Aes256Gcm,

    [property: JsonPropertyName("roll_over_seconds")]
    [property: Description("After how many seconds fresh keys come: 1 to 86400. A pad is refilled when half of it is used.")]
    int RollOverSeconds = LinkLimits.DefaultRollOverSeconds,

    [property: JsonPropertyName("roll_over_bytes")]
    [property: Description("After how many bytes, both directions together, fresh keys come: 1 MiB to 1 TiB.")]
    long RollOverBytes = LinkLimits.DefaultRollOverBytes,

    [property: JsonPropertyName("max_key_age_seconds")]
    [property: Description("How long keys are used when no fresh ones can be had, before the link stops: 2 to 604800, and more than roll_over_seconds.")]
    int MaxKeyAgeSeconds = LinkLimits.DefaultMaxKeyAgeSeconds,

    [property: JsonPropertyName("pad_bytes")]
    [property: Description("With one-time-pad: how many bytes to keep in reserve for each direction, 64 KiB to 256 MiB.")]
    long PadBytes = LinkLimits.DefaultPadBytes)
{
    public const string Aes256Gcm = "aes-256-gcm";
    public const string OneTimePad = "one-time-pad";

    /// <summary>The name of a cipher.</summary>
    public static string NameOf(LinkCipher cipher) => cipher == LinkCipher.OneTimePad ? OneTimePad : Aes256Gcm;

    /// <summary>What is out of range, by member.</summary>
    public Dictionary<string, string[]> FindErrors()
    {
        var errors = new Dictionary<string, string[]>();
        if (Cipher is not (Aes256Gcm or OneTimePad))
        {
            errors["cipher"] = [$"A cipher is {Aes256Gcm} or {OneTimePad}."];
        }

        Check("roll_over_seconds", RollOverSeconds, LinkLimits.MinRollOverSeconds, LinkLimits.MaxRollOverSeconds);
        Check("roll_over_bytes", RollOverBytes, LinkLimits.MinRollOverBytes, LinkLimits.MaxRollOverBytes);
        Check("max_key_age_seconds", MaxKeyAgeSeconds, LinkLimits.MinMaxKeyAgeSeconds, LinkLimits.MaxMaxKeyAgeSeconds);
        Check("pad_bytes", PadBytes, LinkLimits.MinPadBytes, LinkLimits.MaxPadBytes);
        if (MaxKeyAgeSeconds <= RollOverSeconds)
        {
            errors.TryAdd("max_key_age_seconds", ["Keys have to last longer than until the next ones are due."]);
        }

        return errors;

        void Check(string member, long value, long least, long most)
        {
            if (value < least || value > most)
            {
                errors[member] = [$"It is {least} to {most}."];
            }
        }
    }

    /// <summary>The same, typed. There are no errors.</summary>
    public LinkSettings ToSettings() => new(
        Cipher == OneTimePad ? LinkCipher.OneTimePad : LinkCipher.Aes256Gcm,
        TimeSpan.FromSeconds(RollOverSeconds),
        RollOverBytes,
        TimeSpan.FromSeconds(MaxKeyAgeSeconds),
        PadBytes);
}
