using Dske.Protocol.Persistence;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;
using Dske.Storage.States;

namespace Dske.Storage;

/// <summary>
/// A hub's data directory: its PSRD, its registrations and the shares that wait. For this process alone as long as it is open, and readable
/// for its owner alone.
/// </summary>
/// <remarks>Stop the engines that use it before disposing of it.</remarks>
public sealed class HubStorage : IDisposable
{
    private readonly NodeDirectory _directory;

    private HubStorage(NodeDirectory directory, HubState state)
    {
        _directory = directory;
        State = state;
    }

    /// <summary>The PSRD.</summary>
    public IPsrdStore Psrd => _directory.Psrd;

    /// <summary>Registrations and shares.</summary>
    public IHubStateStore State { get; }

    /// <summary>Opens a data directory; makes it when it is not there. One that others can enter is closed to them.</summary>
    /// <param name="directory">The path of the directory, which is this hub's alone.</param>
    /// <param name="entropy">Where the instance's UUID is drawn from.</param>
    /// <param name="time">The clock that says when blocks were added; the system's when null.</param>
    /// <returns>The open directory, which the caller disposes.</returns>
    /// <exception cref="ArgumentException"><paramref name="directory"/> is empty or no path.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="directory"/> or <paramref name="entropy"/> is null.</exception>
    /// <exception cref="StorageException">
    /// The directory is in use by another process, may not be written, belongs to another kind of node, is newer than this program, or a file in
    /// it is missing or damaged. The message names the file and says what to do. Nothing that was there is lost.
    /// </exception>
    public static HubStorage Open(string directory, IEntropySource entropy, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(entropy);
        time ??= TimeProvider.System;
        var opened = NodeDirectory.Open(directory, "hub", HubDatabase.FileName, HubDatabase.Schema, entropy, time);
        try
        {
            opened.PrepareRecords(HubState.FileName, entropy);
            var state = new HubState(opened.Files, new SqliteHubLedger(opened.State), opened.Instance, time);
            return new HubStorage(opened, opened.Keep(state));
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Writes what waits, closes all files and lets go of the directory. Blocks that are held hand nothing out any more.</summary>
    public void Dispose() => _directory.Dispose();
}
