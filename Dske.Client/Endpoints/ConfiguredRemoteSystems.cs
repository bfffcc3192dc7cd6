using Dske.Client.Hosting;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Skip;
using Microsoft.Extensions.Options;

namespace Dske.Client.Endpoints;

/// <summary>Remote systems as the settings list them (<see cref="SkipOptions.RemoteSystems"/>); all when they list none.</summary>
internal sealed class ConfiguredRemoteSystems(IOptions<ClientOptions> options) : IRemoteSystems
{
    private readonly SystemIdPattern[] _patterns =
    [
        .. options.Value.Skip.RemoteSystems.DefaultIfEmpty("*").Select(static text => SystemIdPattern.TryParse(text, out var pattern)
            ? pattern
            : throw new ArgumentException($"'{text}' is no pattern of names.", nameof(options))),
    ];

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyList<string>>([.. _patterns.Select(pattern => pattern.ToString())]);

    /// <inheritdoc />
    public bool Include(NodeName remote) => Array.Exists(_patterns, pattern => pattern.Matches(remote));
}
