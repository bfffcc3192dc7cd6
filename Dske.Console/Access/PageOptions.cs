namespace Dske.Console.Access;

/// <summary>Where the console listens and whom it shows itself to. Bound to the section <c>Dske:Console</c>.</summary>
public sealed class PageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Dske:Console";

    /// <summary>
    /// The port for OTLP over gRPC, 1 to 65535, on the host of the first address of the pages. It speaks HTTP/2 only, since without TLS one
    /// port cannot speak both versions to those who do not ask. Default: none, and telemetry comes over HTTP alone.
    /// </summary>
    public int? OtlpGrpcPort { get; set; }

    /// <summary>
    /// The file with the token that callers have to show: one line of 32 to 256 visible ASCII characters, readable for its owner alone. Default:
    /// none, and the console answers this machine alone.
    /// </summary>
    public string? TokenFile { get; set; }

    internal static IEnumerable<string> FindProblems(PageOptions options)
    {
        if (options.OtlpGrpcPort is < 1 or > ushort.MaxValue)
        {
            yield return $"{Section}:{nameof(OtlpGrpcPort)} has to be 1 to 65535, not {options.OtlpGrpcPort}.";
        }
    }
}
