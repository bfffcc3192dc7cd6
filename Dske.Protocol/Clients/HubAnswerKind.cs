namespace Dske.Protocol.Clients;

/// <summary>What a hub's response amounts to, once it has been checked.</summary>
public enum HubAnswerKind
{
    /// <summary>An authentic success.</summary>
    Accepted,

    /// <summary>An authentic refusal: the hub said why, and can be held to it.</summary>
    Refused,

    /// <summary>No answer that counts: none at all, unsigned, wrongly signed, or authentic but unreadable. What became of the request is unknown.</summary>
    None,
}
