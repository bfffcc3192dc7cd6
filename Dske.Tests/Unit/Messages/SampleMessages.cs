using System.Text;
using System.Text.Json;
using Dske.Protocol.Messages;

namespace Dske.Tests.Unit.Messages;

/// <summary>One good message of every kind, as text, and ways to spoil it.</summary>
internal static class SampleMessages
{
    public const string Fragment = """{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","start_byte":16,"size":4}""";

    public const string Allocation = $$"""{"fragments":[{{Fragment}}]}""";

    public const string Get = "{" + Rest;

    public const string Post = "{" + Names + "," + Rest;

    private const string Names = """
        "master_client_name":"carol","master_sae_id":"sam","slave_sae_id":"sofia","user_key_id":"0c2a6fd3-6b0f-4a44-9d0f-2f3b2a6f5c11"
        """;

    private const string Rest = $$"""
        "share_index":3,"encryption_key_allocation":{{Allocation}},"encrypted_share_value":"AAEC/w=="}
        """;

    /// <summary>Kind, text in the guide's dialect, members that may be absent.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        Of<RegistrationRequest>("""{"client_name":"carol","encryptor_names":["sam","zoë"]}"""),
        Of<RegistrationAnswer>("""{"hub_name":"hank"}"""),
        Of<PsrdAnswer>("""{"block_uuid":"b2d4d9ea-59c0-4fa6-a3f1-900bb39d6c3c","data":"AAEC/w=="}"""),
        Of<PostKeyShareRequest>(Post),
        Of<PostKeyShareAnswer>("""{"psrd_available":123456}"""),
        Of<GetKeyShareAnswer>(Get[..^1] + ",\"psrd_available\":123456}", "psrd_available"),
        Of<ErrorAnswer>(
            """{"type":"urn:dske:error:out-of-psrd","title":"None left.","status":503,"psrd_available":0,"psrd_needed":64}""",
            "type", "title", "status", "psrd_available", "psrd_needed"),
        Of<ReferenceErrorAnswer>("""{"message":"None left.","details":null}""", "details"),
    ];

    /// <summary>The same text as the reference would write it.</summary>
    public static string InReferenceDialect(string text) => text.Replace("start_byte", "start", StringComparison.Ordinal);

    /// <summary>Reads as any kind of message.</summary>
    public static bool CanRead<T>(string text, Dialect dialect = Dialect.Guide)
        where T : class => MessageJson.TryRead<T>(Encoding.UTF8.GetBytes(text), dialect, out _);

    private static Sample Of<T>(string text, params string[] optional)
        where T : class => new(
            typeof(T).Name,
            text,
            optional,
            (bytes, dialect) => MessageJson.TryRead<T>(bytes, dialect, out _),
            dialect => MessageJson.TryRead<T>(
                Encoding.UTF8.GetBytes(dialect == Dialect.Guide ? text : InReferenceDialect(text)), dialect, out var message)
                ? Encoding.UTF8.GetString(MessageJson.Write(message, dialect))
                : null);

    /// <summary>A message as text.</summary>
    /// <param name="Kind">The name of its type.</param>
    /// <param name="Text">The text, in the guide's dialect.</param>
    /// <param name="Optional">Members that may be absent.</param>
    /// <param name="CanRead">Reads bytes as this kind of message.</param>
    /// <param name="Rewrite">Reads the text in a dialect and writes it again; null when it cannot be read.</param>
    public sealed record Sample(
        string Kind, string Text, IReadOnlyList<string> Optional, Func<byte[], Dialect, bool> CanRead, Func<Dialect, string?> Rewrite)
    {
        /// <summary>The members, each with its value as text.</summary>
        public IReadOnlyList<(string Name, string Value, JsonValueKind Kind)> Members
        {
            get
            {
                using var document = JsonDocument.Parse(Text);
                var members = document.RootElement.EnumerateObject();
                return [.. members.Select(member => (member.Name, member.Value.GetRawText(), member.Value.ValueKind))];
            }
        }

        /// <summary>Whether a text can be read, in either dialect.</summary>
        public bool CanReadText(string text)
            => CanRead(Encoding.UTF8.GetBytes(text), Dialect.Guide) || CanRead(Encoding.UTF8.GetBytes(InReferenceDialect(text)), Dialect.Reference);

        public override string ToString() => Kind;
    }
}
