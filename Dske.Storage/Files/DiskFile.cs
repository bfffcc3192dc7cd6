using Microsoft.Win32.SafeHandles;

namespace Dske.Storage.Files;

/// <summary>An open file on a disk. No buffer of ours lies between it and the system.</summary>
/// <param name="path">The full path, for messages.</param>
/// <param name="stream">The open file, unbuffered; disposed with this.</param>
internal sealed class DiskFile(string path, FileStream stream) : IStorageFile
{
    // Asking the stream for it has the stream look where it stands, by a system call each time.
    private readonly SafeFileHandle _handle = stream.SafeFileHandle;

    public long Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(_handle);
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
                var count = RandomAccess.Read(_handle, destination, offset);
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
            RandomAccess.Write(_handle, source, offset);
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
            DataFlush.Flush(_handle);
        }
        catch (Exception e) when (FileFaults.IsFault(e))
        {
            throw FileFaults.Translate(path, e);
        }
    }

    public void Dispose() => stream.Dispose();
}
