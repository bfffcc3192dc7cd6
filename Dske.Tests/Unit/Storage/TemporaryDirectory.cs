namespace Dske.Tests.Unit.Storage;

/// <summary>A directory that is gone after the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("dske-storage-").FullName;

    /// <summary>The path of a directory that does not exist yet.</summary>
    public string Path => System.IO.Path.Combine(_root, "node");

    /// <summary>The path of something in it.</summary>
    public string this[params string[] names] => System.IO.Path.Combine([Path, .. names]);

    /// <summary>The only file that matches, in the directory or below.</summary>
    public string Single(string pattern) => Directory.GetFiles(Path, pattern, SearchOption.AllDirectories).Single();

    /// <summary>Copies the directory as it is, while a node has it open: what a killed process leaves behind.</summary>
    public TemporaryDirectory Copy()
    {
        var copy = new TemporaryDirectory();
        foreach (var (name, content) in ReadFiles())
        {
            var target = copy[name];
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, content);
        }

        return copy;
    }

    /// <summary>The content of every file, the databases' logs included, but the empty one that is locked.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> ReadFiles() =>
    [
        .. Directory.GetFiles(Path, "*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(Path, file))
            .Where(name => name != "lock")
            .Select(name => (name, Read(this[name]))),
    ];

    /// <summary>Whether any file holds any grain of the given runs (see <see cref="Psrd.ReachableMemory"/>).</summary>
    public bool Holds(params IEnumerable<byte[]> wanted) => Psrd.ReachableMemory.Holds(wanted, [.. ReadFiles().Select(file => file.Content)]);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
