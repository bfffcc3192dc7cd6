using Dske.Protocol.Identifiers;

namespace Dske.Tests.Model;

/// <summary>What the model knows of a key. Hubs may hold shares of keys that were never acknowledged.</summary>
internal sealed class ModelKey(DateTimeOffset firstSeen)
{
    /// <summary>When a share first came to a hub.</summary>
    public DateTimeOffset FirstSeen => firstSeen;

    /// <summary>The key, as its maker got it; null while it is not acknowledged.</summary>
    public byte[]? Bytes { get; set; }

    public SaeId Master { get; set; }

    public SaeId Slave { get; set; }

    /// <summary>The hubs that a share came to and that did not lose it since.</summary>
    public HashSet<int> Arrived { get; } = [];

    /// <summary>The hubs that took a share, whatever became of it.</summary>
    public HashSet<int> Stored { get; } = [];

    /// <summary>Which hubs hold a share, and until when.</summary>
    public Dictionary<int, DateTimeOffset> HeldUntil { get; } = [];

    /// <summary>The hubs at which the share was fetched: it stays there a little longer only.</summary>
    public HashSet<int> HandedOut { get; } = [];

    /// <summary>When the slave got it; null while it did not.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>A client may have the key in memory: then it takes no hub to have it.</summary>
    public bool IsPerhapsRebuilt { get; set; }

    /// <summary>The slave's client has lost all that it knew since: nothing keeps it from delivering once more.</summary>
    public bool IsDeliveryForgotten { get; set; }
}
