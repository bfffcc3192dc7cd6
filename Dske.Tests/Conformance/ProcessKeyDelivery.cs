using Dske.Tests.Distributed;

namespace Dske.Tests.Conformance;

/// <summary>The KMEs of topology.yaml as real processes, over plain HTTP.</summary>
/// <param name="network">The processes; they stay the fixture's.</param>
public sealed class ProcessKeyDelivery(NetworkFixture network) : KeyDeliveryNetwork
{
    private static readonly Dictionary<string, string> Kmes = new()
    {
        ["sam"] = "carol",
        ["serena"] = "celia",
        ["sofia"] = "conny",
        ["sunny"] = "curtis",
        ["susan"] = "curtis",
    };

    /// <summary>The KME of an encryptor of topology.yaml.</summary>
    public static string KmeOfProcess(string sae) => Kmes.GetValueOrDefault(sae, sae);

    public override string KmeOf(string sae) => KmeOfProcess(sae);

    public override async ValueTask InitializeAsync()
    {
        await network.WaitUntilLinkedAsync(TestContext.Current.CancellationToken);
        await WaitUntilSettledAsync("sam");
    }

    protected override HttpClient CreateClient(string? sae, string kme)
    {
        var client = network.Application.CreateHttpClient(kme);
        if (sae is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", sae);
        }

        return client;
    }
}
