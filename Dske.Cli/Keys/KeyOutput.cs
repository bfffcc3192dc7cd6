using System.CommandLine;
using System.Globalization;
using Dske.Cli.CommandLine;
using Dske.Cli.Terminals;
using Dske.Protocol.KeyDelivery;
using Dske.Protocol.Secrets;
using Spectre.Console;

namespace Dske.Cli.Keys;

/// <summary>Writes what commands about keys give.</summary>
internal static class KeyOutput
{
    /// <summary>Writes keys: with <c>--json</c> the container of the standard, else a line for each, its ID and the key in base64.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="parsed">What was typed.</param>
    /// <param name="keys">The keys; they stay the caller's.</param>
    public static void Write(CommandContext context, ParseResult parsed, KeyContainer keys)
    {
        using var text = new SecretBufferWriter();
        if (parsed.WantsJson())
        {
            KeyContainerCodec.Write(keys, text);
            Append(text, "\n"u8);
        }
        else
        {
            foreach (var key in keys.Keys)
            {
                WriteLine(text, key);
            }
        }

        context.Terminal.WriteSecret(text.WrittenSpan);
    }

    /// <summary>Writes what both ends got, compared.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="parsed">What was typed.</param>
    /// <param name="pair">The comparison.</param>
    public static void Write(CommandContext context, ParseResult parsed, KeyPair pair)
    {
        if (parsed.WantsJson())
        {
            context.Terminal.WriteJson(pair, KeysJson.Default.KeyPair);
            return;
        }

        var table = Tables.Create("KEY ID", "BITS", "BOTH ENDS");
        foreach (var key in pair.Keys)
        {
            table.AddRow(
                new Text(key.KeyId.ToString()),
                new Text(key.Size.ToString(CultureInfo.InvariantCulture)),
                Tables.Coloured(key.Equal ? "the same" : "DIFFERENT", key.Equal));
        }

        context.Terminal.Write(table);
    }

    /// <summary>Writes what a KME offers.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="parsed">What was typed.</param>
    /// <param name="status">What it offers.</param>
    public static void Write(CommandContext context, ParseResult parsed, KmeStatus status)
    {
        if (parsed.WantsJson())
        {
            context.Terminal.WriteJson(status, KeyDeliveryJson.Default.KmeStatus);
            return;
        }

        var table = Tables.Create("OFFER", "");
        table.AddCells("master SAE, KME", $"{status.MasterSaeId}, {status.SourceKmeId}");
        table.AddCells("slave SAE, KME", $"{status.SlaveSaeId}, {status.TargetKmeId}");
        table.AddCells("key size", string.Create(CultureInfo.InvariantCulture, $"{status.KeySize} bits ({status.MinKeySize} to {status.MaxKeySize})"));
        table.AddCells("keys in stock", string.Create(CultureInfo.InvariantCulture, $"{status.StoredKeyCount} of {status.MaxKeyCount}"));
        table.AddCells("keys per request", status.MaxKeyPerRequest.ToString(CultureInfo.InvariantCulture));
        table.AddCells("further slaves", status.MaxSaeIdCount.ToString(CultureInfo.InvariantCulture));
        context.Terminal.Write(table);
    }

    /// <summary>Writes what two encryptors established.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="parsed">What was typed.</param>
    /// <param name="establishment">What they established.</param>
    public static void Write(CommandContext context, ParseResult parsed, Establishment establishment)
    {
        if (parsed.WantsJson())
        {
            context.Terminal.WriteJson(establishment, KeysJson.Default.Establishment);
            return;
        }

        var table = Tables.Create("KEY ID", "BITS", "FINGERPRINT", "CONFIRMED");
        foreach (var key in establishment.Keys)
        {
            table.AddCells(key.KeyId.ToString(), key.Size.ToString(CultureInfo.InvariantCulture), key.Fingerprint, key.Confirmed ? "by both" : "no");
        }

        context.Terminal.Write(table);
        context.Terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"In {establishment.ElapsedMs:0.0} ms."));
    }

    private static void WriteLine(SecretBufferWriter text, DeliveredKey key)
    {
        var room = text.GetSpan(36);
        key.KeyId.TryFormat(room, out var written);
        text.Advance(written);
        Append(text, " "u8);
        room = text.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(key.Key.Length));
        System.Buffers.Text.Base64.EncodeToUtf8(key.Key.Span, room, out _, out written);
        text.Advance(written);
        Append(text, "\n"u8);
    }

    private static void Append(SecretBufferWriter text, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(text.GetSpan(bytes.Length));
        text.Advance(bytes.Length);
    }
}
