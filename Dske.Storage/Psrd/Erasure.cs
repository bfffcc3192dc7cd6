using Dske.Storage.Files;

namespace Dske.Storage.Psrd;

/// <summary>Overwrites bytes in place with zeros, piece by piece: a block may be larger than memory.</summary>
internal static class Erasure
{
    private static readonly byte[] Zeros = new byte[256 * 1024];

    /// <summary>Overwrites the bytes from <paramref name="from"/> to <paramref name="end"/> (exclusive) and flushes.</summary>
    public static void Erase(IStorageFile file, long from, long end)
    {
        if (from >= end)
        {
            return;
        }

        for (var position = from; position < end; position += Zeros.Length)
        {
            file.Write(position, Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, end - position)));
        }

        file.Flush();
    }

    /// <summary>Overwrites a whole file and deletes it, if there is one.</summary>
    public static void EraseAndDelete(IStorageFiles files, string name)
    {
        if (files.LengthOf(name) is not { } length)
        {
            return;
        }

        using (var file = files.Open(name))
        {
            Erase(file, 0, length);
        }

        files.Delete(name);
    }
}
