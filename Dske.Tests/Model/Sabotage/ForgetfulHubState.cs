using Dske.Protocol.Persistence;

namespace Dske.Tests.Model.Sabotage;

/// <summary>A hub's state that acknowledges shares and forgets them over a restart.</summary>
internal sealed class ForgetfulHubState(IHubStateStore inner) : IHubStateStore
{
    public Guid Instance => inner.Instance;

    public IReadOnlyList<RegistrationRecord> LoadRegistrations() => inner.LoadRegistrations();

    public void SaveRegistration(RegistrationRecord registration) => inner.SaveRegistration(registration);

    public IReadOnlyList<ExportRecord> LoadExports() => inner.LoadExports();

    public void SaveExport(ExportRecord record) => inner.SaveExport(record);

    public void RemoveExport(Guid file) => inner.RemoveExport(file);

    public IReadOnlyList<ShareRecord> LoadShares() => [];

    public Task SaveSharesAsync(IReadOnlyList<ShareRecord> shares) => inner.SaveSharesAsync(shares);

    public void UpdateShare(ShareRecord share) => inner.UpdateShare(share);

    public void RemoveShare(ShareRecord share) => inner.RemoveShare(share);
}
