namespace Dske.Console.Telemetry.Traces;

/// <summary>The spans and attributes of our nodes that an establishment is read from.</summary>
internal static class SpanNames
{
    public const string EncryptorScope = "Dske.Encryptor";

    /// <summary>An encryptor's whole exchange.</summary>
    public const string Exchange = "establish";

    /// <summary>The other encryptor's part in it.</summary>
    public const string Offer = "offer";

    /// <summary>A client makes keys.</summary>
    public const string Establish = "dske.key.establish";

    /// <summary>A client fetches keys that another one made.</summary>
    public const string Collect = "dske.key.collect";

    public const string ShareRelay = "dske.share.relay";
    public const string ShareStore = "dske.share.store";
    public const string ShareCollect = "dske.share.collect";
    public const string ShareDeliver = "dske.share.deliver";

    public const string Hub = "dske.hub";
    public const string Client = "dske.client";
    public const string Peer = "dske.peer";
    public const string KeyId = "dske.key.id";
    public const string KeyCount = "dske.key.count";
    public const string ShareIndex = "dske.share.index";
    public const string Outcome = "dske.outcome";
    public const string PsrdSpent = "dske.psrd.spent";
    public const string ErrorType = "error.type";

    public static bool IsExchange(Span span) => span.Name == Exchange && span.Scope == EncryptorScope;

    public static bool IsOffer(Span span) => span.Name == Offer && span.Scope == EncryptorScope;

    /// <summary>Whether keys are made or fetched in this span.</summary>
    public static bool IsOfEstablishment(Span span) => span.Name is Establish or Collect || IsExchange(span) || IsOffer(span);

    /// <summary>Why a span failed; null when it did not.</summary>
    public static string? FailureOf(Span span)
    {
        if (span.Find(Outcome) is { } outcome && !outcome.Equals("ok", StringComparison.OrdinalIgnoreCase))
        {
            return outcome;
        }

        return span.Status != SpanStatus.Error ? null
            : span.Find(ErrorType) is { Length: > 0 } type ? type
            : span.StatusMessage.Length > 0 ? span.StatusMessage
            : "error";
    }
}
