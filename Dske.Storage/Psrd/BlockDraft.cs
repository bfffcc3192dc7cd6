using Dske.Protocol.Psrd;
using Dske.Storage.Files;

namespace Dske.Storage.Psrd;

/// <summary>
/// The file of a block that is being added: under another name until it is whole and durable. One that is not published is erased.
/// </summary>
internal sealed class BlockDraft : IDisposable
{
    private readonly IStorageFiles _files;
    private readonly string _name;
    private readonly string _draftName;
    private IStorageFile? _file;
    private long _length;

    public BlockDraft(IStorageFiles files, PsrdPoolKey pool, Guid id)
    {
        _files = files;
        _name = BlockFileName.Of(pool, id);
        _draftName = BlockFileName.OfDraft(pool, id);

        // An earlier attempt may have failed so badly that it could not even clean up. Its bytes go first, or they would only lose their name.
        Erasure.EraseAndDelete(files, _name);
        Erasure.EraseAndDelete(files, _draftName);
        _file = files.Create(_draftName);
    }

    /// <summary>Adds the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        _file!.Write(_length, data);
        _length += data.Length;
    }

    /// <summary>Makes the file durable and gives it its name. From here on its bytes are no longer this draft's to erase.</summary>
    public void Publish()
    {
        _file!.Flush();
        _file.Dispose();
        _files.Rename(_draftName, _name);
        _file = null;
        _files.FlushNames();
    }

    public void Dispose()
    {
        if (_file is null)
        {
            return;
        }

        _file.Dispose();
        _file = null;
        try
        {
            Erasure.EraseAndDelete(_files, _draftName);
        }
        catch (StorageException)
        {
            // What made the draft fail is already on its way to the caller. The file has no entry in the books: the next start erases it.
        }
    }
}
