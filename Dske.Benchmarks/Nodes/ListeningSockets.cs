using System.Globalization;

namespace Dske.Benchmarks.Nodes;

/// <summary>Which process listens on a TCP port of this machine, as Linux tells in <c>/proc</c>; of processes that this user may look into.</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A";

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Finds the processes.</summary>
    /// <param name="ports">The ports.</param>
    /// <returns>The process ID for each port that one was found for.</returns>
    public static IReadOnlyDictionary<int, int> FindProcesses(IReadOnlySet<int> ports)
    {
        var found = new Dictionary<int, int>();
        var inodes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var table in Tables.Where(File.Exists))
        {
            foreach (var (port, inode) in ReadTable(File.ReadLines(table)).Where(socket => ports.Contains(socket.Port)))
            {
                inodes[$"socket:[{inode}]"] = port;
            }
        }

        foreach (var process in inodes.Count == 0 ? [] : Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                foreach (var link in OpenFiles(process).Where(inodes.ContainsKey))
                {
                    found.TryAdd(inodes[link], id);
                }
            }
        }

        return found;
    }

    /// <summary>Reads the sockets that listen from the lines of a table of <c>/proc/net</c>.</summary>
    internal static IEnumerable<(int Port, string Inode)> ReadTable(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9
                && fields[3] == Listening
                && int.TryParse(fields[1][(fields[1].LastIndexOf(':') + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port))
            {
                yield return (port, fields[9]);
            }
        }
    }

    private static IEnumerable<string> OpenFiles(string process)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")).Select(link => new FileInfo(link).LinkTarget ?? "")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, or ended by now.
            return [];
        }
    }
}
