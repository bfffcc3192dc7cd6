using Dske.Protocol.Identifiers;
using Dske.Protocol.Messages;

namespace Dske.Protocol.Enrolment;

/// <summary>What an enrolment token allows: one client may register with one hub, for itself and for certain encryptors, and fetch PSRD.</summary>
public sealed class EnrolmentGrant
{
    private readonly HashSet<string> _claims;

    /// <summary>Makes a grant.</summary>
    /// <param name="hub">The hub that the client may register with.</param>
    /// <param name="client">The client.</param>
    /// <param name="encryptors">
    /// The SAE IDs that the client may claim besides its own name, in any order; may be empty. At most
    /// <see cref="RegistrationRequest.MaxEncryptors"/> different ones.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="encryptors"/> is null.</exception>
    /// <exception cref="ArgumentException">A name or an SAE ID is the empty default value, or there are too many encryptors.</exception>
    public EnrolmentGrant(NodeName hub, NodeName client, IEnumerable<SaeId> encryptors)
    {
        ArgumentNullException.ThrowIfNull(encryptors);
        Hub = hub;
        Client = client;
        Encryptors = [.. encryptors.Distinct().OrderBy(encryptor => encryptor.Value, StringComparer.Ordinal)];
        if (hub.IsEmpty || client.IsEmpty || Encryptors.Any(encryptor => encryptor.IsEmpty))
        {
            throw new ArgumentException("A grant names a hub, a client and encryptors; an empty name is none.");
        }

        if (Encryptors.Count > RegistrationRequest.MaxEncryptors)
        {
            throw new ArgumentException($"A client has at most {RegistrationRequest.MaxEncryptors} encryptors.", nameof(encryptors));
        }

        _claims = new HashSet<string>(Encryptors.Select(encryptor => encryptor.Value), StringComparer.Ordinal) { client.Value };
    }

    /// <summary>The hub that the client may register with.</summary>
    public NodeName Hub { get; }

    /// <summary>The client.</summary>
    public NodeName Client { get; }

    /// <summary>The SAE IDs that the client may claim besides its own name, each once, in ordinal order.</summary>
    public IReadOnlyList<SaeId> Encryptors { get; }

    /// <summary>Whether a registration stays within the grant.</summary>
    /// <param name="client">The client that it names, as it came.</param>
    /// <param name="encryptors">The encryptors that it claims, as they came. Fewer than granted are fine.</param>
    /// <exception cref="ArgumentNullException"><paramref name="encryptors"/> is null.</exception>
    public bool Allows(string? client, IEnumerable<string> encryptors)
    {
        ArgumentNullException.ThrowIfNull(encryptors);
        return string.Equals(client, Client.Value, StringComparison.Ordinal) && encryptors.All(_claims.Contains);
    }
}
