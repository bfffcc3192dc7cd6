using System.Globalization;
using Dske.Tests.Services.Client;

namespace Dske.Tests.Conformance;

/// <summary>What the API document says of key delivery is so: every status that it names comes of some request.</summary>
[Collection(SharedLoopback.Name)]
[Trait("Tier", "Network")]
public sealed class DocumentedStatusTests(LoopbackKeyDelivery network)
{
    private const string UnknownId = "0b0e5a1c-3c7e-4c59-9d4c-7a1f4f6b0c11";
    private const string UnknownIds = $$"""{"key_IDs":[{"key_ID":"{{UnknownId}}"}]}""";

    [Theory]
    [InlineData("/api/v1/keys/{sae}", "/api/v1/keys/")]
    [InlineData("/client/{client}/etsi/api/v1/keys/{sae}", "/client/conny/etsi/api/v1/keys/")]
    public async Task Every_status_of_the_document_can_be_provoked(string template, string path)
    {
        var documented = (await network.DocumentOf("conny")).StatusesOf(template)
            .Where(operation => operation.Key.Split(' ')[1].StartsWith(template, StringComparison.Ordinal))
            .SelectMany(operation => operation.Value, (operation, status) => $"{operation.Key.Replace(template, "", StringComparison.Ordinal)} {status}");

        var provoked = await ProvokeAsync(path);

        Assert.Equal(documented.Order(StringComparer.Ordinal), provoked.Distinct().Order(StringComparer.Ordinal));
    }

    private async Task<List<string>> ProvokeAsync(string path)
    {
        var provoked = new List<string>();
        foreach (var (method, operation, body) in ((string, string, string?)[])
            [("get", "status", null), ("get", "enc_keys", null), ("post", "enc_keys", "{}"), ("get", $"dec_keys?key_ID={UnknownId}", null), ("post", "dec_keys", UnknownIds)])
        {
            foreach (var (sae, headers) in ((string, (string, string)[])[])[("sunny", []), ("nobody", []), ("sunny", [("Host", "elsewhere.example")])])
            {
                await AddAsync(method, path + "susan/" + operation, body, sae, headers: headers);
            }

            await AddAsync(method, path + "%20/" + operation, body);
            if (path.StartsWith("/client", StringComparison.Ordinal))
            {
                await AddAsync(method, path.Replace("conny", "carol", StringComparison.Ordinal) + "susan/" + operation, body);
            }

            if (body is not null)
            {
                await AddAsync(method, path + "susan/" + operation, body, contentType: "text/plain");
                await AddAsync(method, path + "susan/" + operation, $"{{\"x\":\"{new string('x', 70_000)}\"}}");
            }
        }

        foreach (var made in (await network.GetAsync("sunny", "susan/enc_keys?number=2")).Keys.Select((key, i) => (key.Id, IsFirst: i == 0)))
        {
            await (made.IsFirst
                ? AddAsync("get", $"{path}sunny/dec_keys?key_ID={made.Id}", null, "susan")
                : AddAsync("post", $"{path}sunny/dec_keys", UnknownIds.Replace(UnknownId, made.Id, StringComparison.Ordinal), "susan"));
        }

        await using var lonely = ClientNode.Start("conny", ["sunny"]);
        foreach (var (method, operation, body) in ((string, string, string?)[])
            [("get", "status", null), ("get", "enc_keys", null), ("post", "enc_keys", "{}"), ("get", $"dec_keys?key_ID={UnknownId}", null), ("post", "dec_keys", UnknownIds)])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{path}sofia/{operation}") { Content = body is null ? null : new StringContent(body, null, "application/json") };
            request.Headers.TryAddWithoutValidation("Authorization", "sunny");
            using var answer = await lonely.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Note(method, operation, (int)answer.StatusCode);
        }

        return provoked;

        async Task AddAsync(string method, string request, string? body, string sae = "sunny", string contentType = "application/json", params (string, string)[] headers)
        {
            var exchange = await network.SendAsync(sae, new HttpMethod(method.ToUpperInvariant()), request, body, contentType, "conny", headers);
            Note(method, request, (int)exchange.Status);
        }

        void Note(string method, string request, int status)
            => provoked.Add(string.Create(CultureInfo.InvariantCulture, $"{method} /{request.Split('?')[0].Split('/')[^1]} {status}"));
    }
}
