using Dske.Encryptor.Configuration;
using Dske.Protocol.Secrets;

namespace Dske.Encryptor.Sinks;

/// <summary>A file that holds the latest key, whole at any time, and open to nobody but its owner.</summary>
internal sealed class FileTarget(FileTargetSettings settings, KeyFormat format) : ISinkTarget
{
    /// <inheritdoc />
    public void Prepare()
    {
        try
        {
            OwnerOnlyFile.RemoveDraft(settings.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whatever is in the way is in the way of the first key, too, and is told then.
        }
    }

    /// <inheritdoc />
    public Task<SinkFailure?> HandOverAsync(SinkKey key, CancellationToken cancellationToken)
    {
        using var text = format.Write(key.Key);
        try
        {
            OwnerOnlyFile.Write(settings.Path, text.WrittenSpan);
            return Task.FromResult<SinkFailure?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult<SinkFailure?>(new SinkFailure("file", $"The file cannot be written ({e.GetType().Name}); the log says more.", e));
        }
    }
}
