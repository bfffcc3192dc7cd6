using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using Dske.Client.Hosting;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Secrets;

namespace Dske.Client.HubAccess;

/// <summary>The enrolment tokens that this client shows its hubs on the out-of-band routes, read from their files at start.</summary>
internal sealed class HubTokens : IDisposable
{
    private readonly Dictionary<NodeName, SecretBytes> _tokens = [];
    private readonly Dictionary<NodeName, string> _settings = [];

    /// <param name="options">The client's settings, checked before.</param>
    /// <exception cref="InvalidOperationException">A file changed since the settings were checked, and cannot be used any more.</exception>
    public HubTokens(ClientOptions options)
    {
        foreach (var (index, hub) in options.Hubs.Index())
        {
            var name = NodeName.Parse(hub.Name);
            _settings.Add(name, $"{ClientOptions.Section}:Hubs:{index}:{nameof(HubAddressOptions.TokenFile)}");
            if (hub.TokenFile is { Length: > 0 } file)
            {
                _tokens.Add(name, TryRead(file, hub, options, out var token, out var problem) ? token : throw new InvalidOperationException(problem));
            }
        }
    }

    /// <summary>Reads a token from its file, and checks that it is for this client, all its encryptors and that hub.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hub">The hub that it is for.</param>
    /// <param name="client">The client's settings.</param>
    /// <param name="token">The token, which the caller disposes, when the result is true.</param>
    /// <param name="problem">What is wrong with the file and what to do, when the result is false.</param>
    public static bool TryRead(
        string path, HubAddressOptions hub, ClientOptions client, [NotNullWhen(true)] out SecretBytes? token, [NotNullWhen(false)] out string? problem)
    {
        if (!OwnerOnlyFile.TryRead(path, EnrolmentToken.MaxLength, out token, out problem))
        {
            return false;
        }

        problem = !EnrolmentToken.TryRead(token.Span, out var grant)
            ? $"{path} does not hold an enrolment token and nothing else."
            : grant.Hub.Value != hub.Name
                ? $"{path} is a token for hub '{grant.Hub}', not for '{hub.Name}'."
                : grant.Allows(client.Name, client.Encryptors)
                    ? null
                    : $"{path} is a token for client '{grant.Client}' with {grant.Encryptors.Count} encryptors; it does not cover client '{client.Name}' with all of its own.";
        if (problem is null)
        {
            return true;
        }

        token.Dispose();
        token = null;
        return false;
    }

    /// <summary>
    /// The header with the token for a hub; null where there is none. It holds the token as a string, as the framework wants it: for one
    /// request, not to be kept.
    /// </summary>
    public AuthenticationHeaderValue? GetHeader(NodeName hub) =>
        _tokens.TryGetValue(hub, out var token) ? new AuthenticationHeaderValue("Bearer", Encoding.ASCII.GetString(token.Span)) : null;

    /// <summary>The setting that names the file for a hub.</summary>
    public string GetSetting(NodeName hub) => _settings[hub];

    /// <summary>Zeroes the tokens.</summary>
    public void Dispose()
    {
        foreach (var token in _tokens.Values)
        {
            token.Dispose();
        }
    }
}
