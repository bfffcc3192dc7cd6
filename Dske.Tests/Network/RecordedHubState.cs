using Dske.Protocol.Persistence;

namespace Dske.Tests.Network;

/// <summary>The state of a hub, with a copy of every share that it was given to keep.</summary>
internal sealed class RecordedHubState(IHubStateStore inner, Action<byte[]> saving) : IHubStateStore
{
    public Guid Instance => inner.Instance;

    public IReadOnlyList<RegistrationRecord> LoadRegistrations() => inner.LoadRegistrations();

    public void SaveRegistration(RegistrationRecord registration) => inner.SaveRegistration(registration);

    public IReadOnlyList<ShareRecord> LoadShares() => inner.LoadShares();

    public Task SaveShareAsync(ShareRecord share)
    {
        saving(share.Value.Span.ToArray());
        return inner.SaveShareAsync(share);
    }

    public void UpdateShare(ShareRecord share) => inner.UpdateShare(share);

    public void RemoveShare(ShareRecord share) => inner.RemoveShare(share);
}
