using System.Diagnostics.CodeAnalysis;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;
using Dske.Protocol.Secrets;
using Dske.Protocol.Topology;

namespace Dske.AppHost.Launch;

/// <summary>
/// The directory <c>enrolment</c> in the data directory: an enrolment key for each hub that runs here, and the tokens made with it, one
/// for each client. All are made anew at each start, and only their owner may look into them.
/// </summary>
internal sealed class EnrolmentFiles(string dataDirectory)
{
    private const string KeyExtension = ".key";
    private const string TokenExtension = ".token";

    private readonly string _directory = Path.Combine(dataDirectory, "enrolment");

    /// <summary>The file with a hub's key.</summary>
    public string KeyFileOf(NodeName hub) => Path.Combine(_directory, hub.Value + KeyExtension);

    /// <summary>The file with the token that a client shows a hub.</summary>
    public string TokenFileOf(NodeName client, NodeName hub) => Path.Combine(_directory, $"{client}@{hub}{TokenExtension}");

    /// <summary>Deletes the keys and tokens of an earlier run, and makes new ones where the hubs ask for them.</summary>
    /// <param name="topology">The network.</param>
    /// <param name="mode">Whom its hubs serve out of band.</param>
    /// <param name="entropy">Where keys are drawn from.</param>
    /// <param name="problem">What is wrong and what to do, when the result is false.</param>
    /// <returns>Whether the nodes find what they need.</returns>
    public bool TryRenew(NetworkTopology topology, OutOfBandMode mode, IEntropySource entropy, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        try
        {
            DeleteAll();
            if (mode == OutOfBandMode.Token)
            {
                CreateDirectory();
                problem = topology.Hubs.Where(hub => hub.RunsHere).Select(hub => Make(hub.Name, topology.Clients, entropy)).FirstOrDefault(found => found is not null);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"Enrolment keys and tokens cannot be written: {e.Message} See to it that {_directory} can be written, or name another directory with --data.";
        }

        return problem is null;
    }

    private string? Make(NodeName hub, IEnumerable<ClientDefinition> clients, IEntropySource entropy)
    {
        using var key = EnrolmentKey.Draw(entropy);
        foreach (var client in clients)
        {
            SecretBytes? token = null;
            if (client.Encryptors.Count > RegistrationRequest.MaxEncryptors
                || !key.TryIssue(new EnrolmentGrant(hub, client.Name, client.Encryptors.Select(encryptor => encryptor.SaeId)), out token))
            {
                return $"{client.Name} has more encryptors than an enrolment token can name ({EnrolmentToken.MaxLength} bytes): "
                    + "divide them among several clients, or let the hubs do without tokens by --oob open.";
            }

            using (token)
            {
                OwnerOnlyFile.WriteLine(TokenFileOf(client.Name, hub), token.Span);
            }
        }

        using var text = key.Format();
        OwnerOnlyFile.WriteLine(KeyFileOf(hub), text.Span);
        return null;
    }

    private void CreateDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_directory);
        }
        else
        {
            const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(_directory, ownerOnly);
            File.SetUnixFileMode(_directory, ownerOnly);
        }
    }

    // File by file: a node may be called 'enrolment', and keeps its state in a directory of that name.
    private void DeleteAll()
    {
        if (Directory.Exists(_directory))
        {
            foreach (var file in Directory.EnumerateFiles(_directory).Where(file => Path.GetExtension(file) is KeyExtension or TokenExtension).ToList())
            {
                File.Delete(file);
            }
        }
    }
}
