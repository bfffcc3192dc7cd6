namespace Dske.Tests.Vectors;

/// <summary>What <c>wire.json</c> holds; the file describes itself.</summary>
public sealed record WireVectors(
    string Description, string Source, IReadOnlyList<string> Notes, IReadOnlyList<WireVectors.Capture> Captures)
{
    public static WireVectors All { get; } = VectorFile.Load<WireVectors>("wire.json");

    /// <summary>A capture by its letter.</summary>
    public static Capture Of(char letter) => All.Captures.Single(capture => capture.Name[0] == letter);

    public sealed record Capture(
        string Name,
        string Description,
        IReadOnlyList<Exchange> Onboarding,
        IReadOnlyList<RecordedStep> Steps,
        IReadOnlyList<PsrdBlock> PsrdBlocks)
    {
        /// <summary>All exchanges in the order in which they were recorded, each with the name of its step.</summary>
        public IEnumerable<(string Step, Exchange Exchange)> Exchanges => Onboarding.Select(exchange => ("onboarding", exchange))
            .Concat(Steps.SelectMany(step => step.Exchanges.Select(exchange => (step.Name, exchange))));

        /// <summary>Those of them in which a hub was asked.</summary>
        public IEnumerable<(string Step, Exchange Exchange)> ExchangesWithHubs => Exchanges.Where(exchange => exchange.Exchange.IsWithHub);
    }

    public sealed record RecordedStep(string Name, IReadOnlyList<Exchange> Exchanges, string? Note = null, KeyResult? Result = null);

    public sealed record KeyResult(Guid KeyId, byte[] KeyHex, bool RebuiltFromShares);

    public sealed record PsrdBlock(string Hub, string Client, string Owner, Guid BlockUuid, int Size, string DataBase64);

    public sealed record Exchange(
        string Id,
        string From,
        string To,
        Request Request,
        Response Response,
        Derived? Check = null,
        IReadOnlyList<string>? SpansBlocks = null)
    {
        /// <summary>The exchange's kind: who is asked, the method, and the last part of the path.</summary>
        public string Kind => $"{To.Split(' ')[0]} {Request.Method} {Request.Path[(Request.Path.LastIndexOf('/') + 1)..]}";

        /// <summary>The name of the asking node.</summary>
        public string Sender => From[(From.LastIndexOf(' ') + 1)..];

        /// <summary>The name of the node that was asked.</summary>
        public string Receiver => To[(To.LastIndexOf(' ') + 1)..];

        /// <summary>Whether a hub was asked.</summary>
        public bool IsWithHub => To.StartsWith("hub ", StringComparison.Ordinal);

        /// <summary>Whether a hub handed out a block of PSRD in it.</summary>
        public bool HandsOutPsrd => this is { Kind: "hub GET psrd", Response.Status: 200 };

        /// <summary>Whether it belongs to the in-band protocol.</summary>
        public bool IsInBand => Kind is "hub POST key-share" or "hub GET key-share";
    }

    public sealed record Request(string Method, string Path, string Query, IReadOnlyList<Header> Headers, string Body)
    {
        public string? Signature => Header.Signature(Headers);
    }

    public sealed record Response(int Status, IReadOnlyList<Header> Headers, string Body)
    {
        public string? Signature => Header.Signature(Headers);
    }

    public sealed record Header(string Name, string Value)
    {
        public static string? Signature(IEnumerable<Header> headers)
            => headers.SingleOrDefault(header => header.Name.Equals("DSKE-Signature", StringComparison.OrdinalIgnoreCase))?.Value;
    }

    public sealed record Derived(
        byte[]? RequestSigningKey = null,
        bool? RequestSignatureValid = null,
        byte[]? ResponseSigningKey = null,
        bool? ResponseSignatureValid = null,
        byte[]? ShareEncryptionKey = null,
        byte[]? Share = null,
        int? ShareIndex = null);
}
