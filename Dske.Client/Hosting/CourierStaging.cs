using Dske.Protocol.Courier;
using Dske.Storage;
using Microsoft.Extensions.Options;

namespace Dske.Client.Hosting;

/// <summary>Where a couriered file lies, sealed, while it is imported: it has to be read twice. Nothing is left of it afterwards, whatever happens.</summary>
internal sealed class CourierStaging(IOptions<StorageOptions> storage)
{
    /// <summary>Takes a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The file, to be read and sought, which goes when it is disposed; null when it does not begin as a couriered file does.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<Stream?> TakeAsync(Stream source, CancellationToken cancellationToken)
    {
        var head = new byte[CourierHeader.Size];
        var length = await source.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (CourierHeader.TryRead(head.AsSpan(0, length), out var header) is not (null or CourierFault.Truncated))
        {
            return null;
        }

        var file = Create();
        try
        {
            // No more than the file says it has, and a byte that tells that there is more.
            await file.WriteAsync(head.AsMemory(0, length), cancellationToken);
            var left = header is null ? 0 : header.FileLength - length + 1;
            var buffer = new byte[64 * 1024];
            while (left > 0 && await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken) is > 0 and var read)
            {
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                left -= read;
            }

            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private FileStream Create()
    {
        var directory = storage.Value.InMemory ? Path.GetTempPath() : storage.Value.Directory!;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var path = Path.Combine(directory, Path.GetRandomFileName());
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            // It has no name from here on, so that nothing is left even when the process is killed.
            File.Delete(path);
        }

        return file;
    }
}
