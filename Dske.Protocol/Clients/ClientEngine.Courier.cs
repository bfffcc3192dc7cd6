using Dske.Protocol.Courier;
using Dske.Protocol.Errors;

namespace Dske.Protocol.Clients;

/// <summary>How a client reads couriered files.</summary>
public sealed partial class ClientEngine
{
    private readonly SemaphoreSlim _importing = new(1);

    /// <summary>
    /// Reads a couriered file: all of it is checked before anything counts, and then it counts whole, once. One at a time; others wait.
    /// </summary>
    /// <param name="source">The file: can be read and sought, and stays the caller's.</param>
    /// <param name="secret">What opens it; stays the caller's.</param>
    /// <param name="cancellationToken">Ends it; nothing is left of it unless it counted already.</param>
    /// <returns>What became of it. A refusal changed nothing.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="secret"/> is null.</exception>
    /// <exception cref="IOException">The storage failed, or the file cannot be read; nothing of it counts.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    public async Task<CourierImport> ImportAsync(Stream source, CourierSecret secret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(secret);
        await _importing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Argon2, and gigabytes of decryption: not on a thread that has to serve others.
            return await Task.Run(() => ReadAsync(source, secret, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _importing.Release();
        }
    }

    private async Task<CourierImport> ReadAsync(Stream source, CourierSecret secret, CancellationToken cancellationToken)
    {
        if (CourierReader.TryOpen(source, secret, out var reader) is { } fault)
        {
            return new CourierImport(ToError(fault));
        }

        using (reader)
        {
            var file = reader!.Header.File;
            CourierImport Refuse(DskeError error) => new(error, file, reader.Manifest);
            if (reader.Header.Client != Name || Array.Find(_keepers, keeper => keeper.Hub == reader.Header.Hub) is not { } keeper)
            {
                return Refuse(DskeError.CourierFileNotOurs);
            }

            if (_imports.FindTime(file) is { } time)
            {
                return Refuse(DskeError.CourierFileImported) with { ImportedAt = time };
            }

            if (await keeper.CheckImportAsync(reader, cancellationToken).ConfigureAwait(false) is { } refused)
            {
                return Refuse(refused);
            }

            if (reader.CheckAll(cancellationToken) is { } found)
            {
                return Refuse(ToError(found));
            }

            return await keeper.ImportAsync(reader, cancellationToken).ConfigureAwait(false) is { } error
                ? Refuse(error)
                : new CourierImport(null, file, reader.Manifest);
        }
    }

    private static DskeError ToError(CourierFault fault) => fault switch
    {
        CourierFault.Truncated or CourierFault.Damaged => DskeError.CourierFileDamaged,
        CourierFault.WrongSecret or CourierFault.OtherKind => DskeError.CourierSecretWrong,
        _ => DskeError.CourierFileMalformed,
    };
}
