namespace Dske.Cli.Courier;

/// <summary>Erases files in place.</summary>
internal static class Shredding
{
    /// <summary>Overwrites a file with zeros, flushes that, and deletes it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be erased.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be erased.</exception>
    public static void Shred(string path)
    {
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            var zeros = new byte[128 * 1024];
            for (var left = file.Length; left > 0; left -= Math.Min(left, zeros.Length))
            {
                file.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
            }

            file.Flush(flushToDisk: true);
        }

        File.Delete(path);
    }
}
