namespace Dske.Storage.Files;

/// <summary>An open file on a disk. No buffer of ours lies between it and the system.</summary>
/// <param name="path">The full path, for messages.</param>
/// <param name="stream">The open file, unbuffered; disposed with this.</param>
internal sealed class DiskFile(string path, FileStream stream) : IStorageFile
{
    public long Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(stream.SafeFileHandle);
            }
            catch (Exception e) when (FileFaults.IsFault(e))
            {
                throw FileFaults.Translate(path, e);
            }
        }
    }

    public void Read(long offset, Span<byte> destination)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                var count = RandomAccess.Read(stream.SafeFileHandle, destination, offset);
                if (count == 0)
                {
                    throw FileFaults.CutOff(path, null);
                }

                offset += count;
                destination = destination[count..];
            }
        }
        catch (Exception e) when (FileFaults.IsFault(e))
        {
            throw FileFaults.Translate(path, e);
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> source)
    {
        try
        {
            RandomAccess.Write(stream.SafeFileHandle, source, offset);
        }
        catch (Exception e) when (FileFaults.IsFault(e))
        {
            throw FileFaults.Translate(path, e);
        }
    }

    public void Flush()
    {
        try
        {
            DataFlush.Flush(stream.SafeFileHandle);
        }
        catch (Exception e) when (FileFaults.IsFault(e))
        {
            throw FileFaults.Translate(path, e);
        }
    }

    public void Dispose() => stream.Dispose();
}
