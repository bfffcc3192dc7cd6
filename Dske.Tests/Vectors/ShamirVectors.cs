namespace Dske.Tests.Vectors;

/// <summary>What <c>shamir.json</c> holds; the file describes itself.</summary>
public sealed record ShamirVectors(
    string Description,
    string Source,
    ShamirVectors.ConstantValues Constants,
    ShamirVectors.FieldTables Gf256,
    IReadOnlyList<ShamirVectors.SplitCase> Splits,
    ShamirVectors.ThresholdOneCase ThresholdOne,
    ShamirVectors.SplitErrorCases SplitErrors,
    ShamirVectors.ReconstructErrorCases ReconstructErrors)
{
    public static ShamirVectors All { get; } = VectorFile.Load<ShamirVectors>("shamir.json");

    public sealed record ConstantValues(int SecretX, int DigestX, int DigestLength, int MinSecretLength, int MaxShareCount);

    public sealed record FieldTables(
        string Description,
        byte[] ExpHex,
        byte[] LogHex,
        IReadOnlyList<SpotExp> SpotExp,
        IReadOnlyList<SpotLog> SpotLog,
        IReadOnlyList<SpotMul> SpotMul,
        IReadOnlyList<SpotInverse> SpotInverse);

    public sealed record SpotExp(int I, byte Exp);

    public sealed record SpotLog(byte A, int Log);

    public sealed record SpotMul(byte A, byte B, byte Product);

    public sealed record SpotInverse(byte A, byte Inverse);

    public sealed record ShareValue(int X, byte[] Data);

    public sealed record SplitCase(
        string Name,
        int N,
        int K,
        int Length,
        byte[] Secret,
        IReadOnlyList<byte[]> RandomDraws,
        IReadOnlyList<ShareValue> Shares,
        IReadOnlyList<Subset> Reconstruct);

    public sealed record Subset(IReadOnlyList<int> ShareIndexesInOrder);

    public sealed record ThresholdOneCase(string Description, int N, byte[] Secret, IReadOnlyList<ShareValue> Shares);

    public sealed record SplitErrorCases(string Description, IReadOnlyList<SplitErrorCase> Cases);

    public sealed record SplitErrorCase(string Name, int N, int K, byte[] Secret, Result Result);

    public sealed record ReconstructErrorCases(
        string Description, byte[] Secret, IReadOnlyList<ShareValue> AllShares, IReadOnlyList<ReconstructErrorCase> Cases);

    public sealed record ReconstructErrorCase(
        string Name, int K, IReadOnlyList<ShareValue> Shares, Result Result, string? Note = null, byte[]? ExpectedWithCorrection = null);

    public sealed record Result(bool Ok, byte[]? Secret = null, string? ErrorType = null, string? Error = null);
}
