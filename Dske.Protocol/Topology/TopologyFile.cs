using System.Diagnostics.CodeAnalysis;
using System.Text;
using Dske.Protocol.Topology.Yaml;

namespace Dske.Protocol.Topology;

/// <summary>
/// Reads <c>topology.yaml</c>. Either every rule of the format holds and there is a topology, or there is none and every problem
/// of the file is reported at once, with its line, in the order of the file.
/// </summary>
public static class TopologyFile
{
    /// <summary>The greatest size of a file: 256 KiB, several thousand nodes.</summary>
    public const int MaxLength = 256 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a topology from a file in UTF-8. A file that cannot be read is a problem, too.</summary>
    /// <param name="path">The file. Problems name it as given here.</param>
    /// <param name="topology">The topology, when the result is true.</param>
    /// <param name="problems">What must be mended, when the result is false; else empty.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or blank.</exception>
    public static bool TryLoad(string path, [NotNullWhen(true)] out NetworkTopology? topology, out IReadOnlyList<TopologyProblem> problems)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        topology = null;
        string text;
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxLength)
            {
                problems = [TooLong(path)];
                return false;
            }

            using var reader = new StreamReader(file, StrictUtf8);
            text = reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            problems = [new TopologyProblem(path, 0, 0, "the file is not UTF-8 text")];
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            problems = [new TopologyProblem(path, 0, 0, $"the file cannot be read: {exception.Message}")];
            return false;
        }

        return TryParse(text, path, out topology, out problems);
    }

    /// <summary>Reads a topology from text.</summary>
    /// <param name="text">The YAML, at most <see cref="MaxLength"/> characters.</param>
    /// <param name="fileName">What problems call the file.</param>
    /// <param name="topology">The topology, when the result is true.</param>
    /// <param name="problems">What must be mended, when the result is false; else empty.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> or <paramref name="fileName"/> is null.</exception>
    public static bool TryParse(
        string text, string fileName, [NotNullWhen(true)] out NetworkTopology? topology, out IReadOnlyList<TopologyProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        topology = null;
        if (text.Length > MaxLength)
        {
            problems = [TooLong(fileName)];
            return false;
        }

        var found = new ProblemList(fileName);
        if (YamlDocument.TryRead(text, found, out var root))
        {
            topology = new TopologyReader(found).Read(root);
        }

        problems = found.InFileOrder();
        topology = problems.Count == 0 ? topology : null;
        return topology is not null;
    }

    private static TopologyProblem TooLong(string fileName) => new(fileName, 0, 0, $"the file is longer than {MaxLength} bytes");
}
