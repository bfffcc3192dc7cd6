using Dske.Protocol.Identifiers;

namespace Dske.Tests.Model;

/// <summary>What the model knows of the link between a client and a hub.</summary>
internal sealed class ModelLink(NodeName client, int hub)
{
    public NodeName Client => client;

    public int Hub => hub;

    /// <summary>Whether nothing passes between the two.</summary>
    public bool IsCut { get; set; }

    /// <summary>What happens to messages; null when nothing does.</summary>
    public Weather? Weather { get; set; }

    /// <summary>When something last happened to the link or one of its ends.</summary>
    public DateTimeOffset DisturbedAt { get; set; }

    /// <summary>
    /// Until when the ends may disagree without knowing: answers got lost or were lies, and only the next registration tells.
    /// </summary>
    public DateTimeOffset UncertainUntil { get; set; }

    /// <summary>When it was good last.</summary>
    public DateTimeOffset GoodAt { get; set; }

    /// <summary>Whether both ends run, agree, and have PSRD, and nothing is in the way.</summary>
    public bool IsGood { get; set; }

    /// <summary>Whether the hub certainly knows which encryptors the client has.</summary>
    public bool IsHubInformed { get; set; }
}
