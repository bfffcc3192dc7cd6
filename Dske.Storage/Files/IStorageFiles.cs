namespace Dske.Storage.Files;

/// <summary>
/// The files of one directory. All access to the files of blocks and share keys goes through here, so that tests can let disks fail and power go away.
/// Whatever goes wrong is a <see cref="StorageException"/> that names the file.
/// </summary>
/// <remarks>Safe for concurrent use of different files.</remarks>
internal interface IStorageFiles
{
    /// <summary>The full path of a file, for messages.</summary>
    string PathOf(string name);

    /// <summary>The names of all files.</summary>
    IReadOnlyList<string> List();

    /// <summary>The length of a file in bytes; null when there is none of this name.</summary>
    long? LengthOf(string name);

    /// <summary>Creates a file, which must not exist, for its owner alone.</summary>
    IStorageFile Create(string name);

    /// <summary>Opens a file that exists.</summary>
    IStorageFile Open(string name);

    /// <summary>Gives a file another name, which must be free.</summary>
    void Rename(string name, string newName);

    /// <summary>Deletes a file that exists. Its bytes stay on the disk unless they were overwritten before.</summary>
    void Delete(string name);

    /// <summary>Makes it durable which files there are and how they are called.</summary>
    void FlushNames();
}
