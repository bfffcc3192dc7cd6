namespace Dske.Tests.Vectors;

/// <summary>What <c>signature.json</c> holds; the file describes itself.</summary>
public sealed record SignatureVectors(
    string Description,
    string Source,
    IReadOnlyList<SignatureVectors.SignedMessage> Cases,
    SignatureVectors.Example GuideExample,
    SignatureVectors.MalformedHeaderCases MalformedHeaders)
{
    public static SignatureVectors All { get; } = VectorFile.Load<SignatureVectors>("signature.json");

    public sealed record SignedMessage(
        string Name,
        IReadOnlyList<AllocationVectors.Block> Blocks,
        IReadOnlyList<AllocationVectors.FragmentValue> SigningKeyFragments,
        byte[] SigningKey,
        IReadOnlyList<Piece> SignedPieces,
        byte[] SignatureHex,
        string HeaderCode,
        string HeaderGuide,
        byte[]? SignatureHexIfBodyCameFirst = null,
        string? Note = null);

    public sealed record Piece(string What, byte[] Hex, string Text);

    public sealed record Example(string Description, string Header, IReadOnlyList<AllocationVectors.FragmentValue> Fragments, byte[] SignatureHex);

    public sealed record MalformedHeaderCases(string Description, IReadOnlyList<MalformedHeader> Cases);

    public sealed record MalformedHeader(string Name, string Header, ReferenceResult ReferenceResult);

    public sealed record ReferenceResult(bool Parsed, string? ErrorType = null, string? Error = null, string? Allocation = null, byte[]? SignatureHex = null);
}
