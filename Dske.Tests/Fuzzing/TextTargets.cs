using System.Text;
using Dske.Protocol.Authentication;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Skip;

namespace Dske.Tests.Fuzzing;

/// <summary>Readers of headers, queries and names.</summary>
internal static class TextTargets
{
    private const string Block = "b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c";
    private const string Other = "0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11";
    private const string Mac = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    public static IEnumerable<DecoderTarget> All =>
    [
        DecoderTarget.OfText(
            "Signature header",
            text => SignatureHeader.TryParse(text, out var header) ? header.ToString() : null,
            $"{Block}:0:32;{Mac}", $"{Block}:96:32%{Mac}", $"{Block}:10:16,{Other}:9223372036854775807:16;{Mac}",
            $"{string.Join(',', Enumerable.Range(0, 16).Select(i => $"{Block}:{i * 2}:2"))};{Mac}") with
        { HasOneSpelling = true, Rounds = 1000 },
        DecoderTarget.OfText(
            "Allocation",
            text => Allocation.TryParse(text, Allocation.MaxPadFragments, out var allocation) ? allocation.ToString() : null,
            $"{Block}:0:32", $"{Block}:10:16,{Other}:7:16", string.Join(',', Enumerable.Repeat($"{Block}:1:1", 100))) with
        { HasOneSpelling = true, Rounds = 1000 },
        DecoderTarget.OfText(
            "Fragment", text => Fragment.TryParse(text, out var fragment) ? fragment.ToString() : null, $"{Block}:0:32", $"{Other}:9223372036854775807:1") with
        { HasOneSpelling = true, Rounds = 1000 },
        DecoderTarget.OfText(
            "Query of GET key-share",

            // Escaped throughout, a query may be longer than one that is looked at.
            text => KeyShareQuery.TryParse(text, out var query) && query.ToString() is { Length: <= KeyShareQuery.MaxLength } written ? written : null,
            $"client_name=carol&master_sae_id=sam&slave_sae_id=serena&key_id={Other}", $"client_name=carol&master_sae_id=s%C3%A4m+x&slave_sae_id=%F0%9F%98%80&key_id={Other}&bind=1") with
        { Rounds = 1000 },
        DecoderTarget.OfText(
            "Query of GET key-shares",
            text => KeySharesQuery.TryParse(text, out var query) && query.ToString() is { Length: <= KeySharesQuery.MaxLength } written ? written : null,
            $"client_name=carol&master_sae_id=sam&slave_sae_id=s%C3%A4m+x&key_ids={Other},{Block}&bind=1",
            $"client_name=carol&master_sae_id=sam&slave_sae_id=serena&key_ids={string.Join(',', Enumerable.Range(0, 128).Select(i => new Guid(i, 0, 0, new byte[8])))}&bind=1") with
        { Rounds = 1000 },
        DecoderTarget.OfText(
            "Query of POST key-share",
            text => SharePostQuery.TryParse(text, out var query) ? query.ToString() : null,
            "", "bind=1", "bind=1&also=susan", $"bind=1&{string.Join('&', Enumerable.Range(0, 15).Select(i => $"also=%C3%AB{i}"))}") with
        { Rounds = 1000 },
        DecoderTarget.OfText(
            "Query of GET encryptors",
            text => EncryptorsQuery.TryParse(text, out var query) && query.ToString() is { Length: <= EncryptorsQuery.MaxLength } written ? written : null,
            "client_name=carol&bind=1", "client_name=carol&sae_id=zo%C3%AB+%2F&bind=1") with
        { Rounds = 1000 },
        DecoderTarget.OfText(
            "Query of GET sync",
            text => SyncQuery.TryParse(text, out var query) ? query.ToString() : null,
            $"client_name=carol&turn={Other}&client_owned={Block}:0,{Other}:16384&hub_owned=&bind=1",
            $"client_name=carol&turn={Other}&client_owned=&hub_owned={string.Join(',', Enumerable.Repeat($"{Block}:9223372036854775807", 50))}&bind=1") with
        { Rounds = 1000 },
        DecoderTarget.OfText("Node name", text => NodeName.TryParse(text, out var name) ? name.Value : null, "carol", "h-1", new string('a', 63)) with { HasOneSpelling = true },
        DecoderTarget.OfText(
            "Pattern of system IDs", text => SystemIdPattern.TryParse(text, out var pattern) ? $"{pattern}" : null, "*", "con?y-[a-c1-3x]*", "[!-a]", new string('*', 255)) with
        { HasOneSpelling = true },
        DecoderTarget.OfText("SAE ID", text => SaeId.TryParse(text, out var id) ? id.Value : null, "sam", "zoë 😀/x", new string('s', 255)) with { HasOneSpelling = true },
        DecoderTarget.OfText("UUID", text => Uuid.TryParse(text, out var uuid) ? $"{uuid:D}" : null, Block, Other.ToUpperInvariant()),
        DecoderTarget.OfText(
            "Problem type", text => DskeErrors.TryFromProblemType(text, out var error) ? DskeErrors.GetProblemType(error) : null,
            [.. Enum.GetValues<DskeError>().Select(DskeErrors.GetProblemType)]) with
        { HasOneSpelling = true },
        new DecoderTarget(
            "Sentence of the reference",
            [.. Enum.GetValues<DskeError>().Select(ReferenceSentences.Of).Where(text => ReferenceSentences.Find(Encoding.UTF8.GetBytes(text)) is not null).Select(Encoding.UTF8.GetBytes)],
            bytes => ReferenceSentences.Find(bytes) is { } error ? Encoding.UTF8.GetBytes(ReferenceSentences.Of(error)) : null),
    ];
}
