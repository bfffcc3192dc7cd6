using Dske.Protocol.Persistence;
using Dske.Protocol.Secrets;

namespace Dske.Storage.States;

/// <summary>A change of a hub's state that waits to be made durable.</summary>
internal abstract record HubChange
{
    /// <summary>A registration is new or replaced.</summary>
    public sealed record Register(RegistrationRecord Registration) : HubChange;

    /// <summary>A share is new.</summary>
    /// <param name="Share">What goes into the database.</param>
    /// <param name="Key">What goes into the slot; disposed with the change.</param>
    public sealed record Insert(ShareRow Share, SecretBytes Key) : HubChange;

    /// <summary>A share has another time to live, or was delivered.</summary>
    public sealed record Update(int Slot, DateTimeOffset ExpiresAt, bool Delivered) : HubChange;

    /// <summary>A share is to be erased.</summary>
    public sealed record Delete(int Slot) : HubChange;
}
