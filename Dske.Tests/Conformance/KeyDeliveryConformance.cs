using System.Net;
using System.Text.Json;

namespace Dske.Tests.Conformance;

/// <summary>
/// ETSI GS QKD 014 V1.1.1, sentence by sentence, against a running network. Written once: derived classes say what it runs against.
/// </summary>
/// <param name="network">The network.</param>
public abstract partial class KeyDeliveryConformance(KeyDeliveryNetwork network)
{
    private const string NotFound = "one or more keys specified are not found on KME";
    private const string UnknownId = "0b0e5a1c-3c7e-4c59-9d4c-7a1f4f6b0c11";

    /// <summary>Sam's KME makes keys for sofia, at another KME.</summary>
    private async Task<IReadOnlyList<(string Id, byte[] Key)>> MakeAsync(int number = 1, string master = "sam", string slave = "sofia")
        => (await network.GetAsync(master, $"{slave}/enc_keys?number={number}")).Keys;

    private static string IdsOf(params IEnumerable<string> ids)
        => JsonSerializer.Serialize(new { key_IDs = ids.Select(id => new { key_ID = id }) });

    private Task<Exchange> FetchAsync(string slave, string master, params IEnumerable<string> ids) => network.PostAsync(slave, $"{master}/dec_keys", IdsOf(ids));

    /// <summary>Checks that the slave gets exactly these keys, in this order.</summary>
    private async Task AssertDeliveredAsync(IReadOnlyList<(string Id, byte[] Key)> made, string slave = "sofia", string master = "sam")
    {
        var fetched = (await FetchAsync(slave, master, made.Select(key => key.Id))).Keys;
        Assert.Equal(made.Select(key => key.Id), fetched.Select(key => key.Id));
        Assert.Equal(made.Select(key => key.Key), fetched.Select(key => key.Key));
    }

    private async Task AssertRefusedAsync(string sae, string request, string? body, HttpStatusCode status, string? message = null)
        => (body is null ? await network.GetAsync(sae, request) : await network.PostAsync(sae, request, body)).AssertError(status, message);
}
