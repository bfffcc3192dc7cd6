using Dske.Protocol.Persistence;
using Dske.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dske.Tests.Network;

/// <summary>The state of a hub, with a copy of every share that it was given to keep.</summary>
internal sealed class RecordedHubState(IHubStateStore inner, Action<byte[]> saving) : IHubStateStore
{
    /// <summary>Puts it between a hub and its own state.</summary>
    /// <param name="services">The hub's services.</param>
    /// <param name="saving">Is given the copies.</param>
    public static void Install(IServiceCollection services, Action<byte[]> saving)
    {
        var open = services.Single(service => service.ServiceType == typeof(NodeStores<IHubStateStore>)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton(provider =>
        {
            var stores = (NodeStores<IHubStateStore>)open(provider);
            return new NodeStores<IHubStateStore>(stores.Psrd, new RecordedHubState(stores.State, saving), stores);
        }));
    }

    public Guid Instance => inner.Instance;

    public IReadOnlyList<RegistrationRecord> LoadRegistrations() => inner.LoadRegistrations();

    public void SaveRegistration(RegistrationRecord registration) => inner.SaveRegistration(registration);

    public IReadOnlyList<ExportRecord> LoadExports() => inner.LoadExports();

    public void SaveExport(ExportRecord record) => inner.SaveExport(record);

    public void RemoveExport(Guid file) => inner.RemoveExport(file);

    public IReadOnlyList<ShareRecord> LoadShares() => inner.LoadShares();

    public Task SaveSharesAsync(IReadOnlyList<ShareRecord> shares)
    {
        foreach (var share in shares)
        {
            saving(share.Value.Span.ToArray());
        }

        return inner.SaveSharesAsync(shares);
    }

    public void UpdateShare(ShareRecord share) => inner.UpdateShare(share);

    public void RemoveShare(ShareRecord share) => inner.RemoveShare(share);
}
