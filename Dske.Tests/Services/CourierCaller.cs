using System.Net.Http.Headers;
using System.Net.Http.Json;
using Dske.Protocol.Courier;
using Dske.Protocol.Management;
using Dske.Tests.Unit.Courier;

namespace Dske.Tests.Services;

/// <summary>The operator's calls about couriered files, by hand and over HTTP.</summary>
internal static class CourierCaller
{
    public const string Token = "0123456789abcdef0123456789abcdef";

    /// <summary>The header that seals and opens the files of tests: a key, since passphrases take their time.</summary>
    public static string Secret
    {
        get
        {
            using var key = CourierFiles.Key();
            return CourierSecretHeader.Format(key);
        }
    }

    public static HttpRequestMessage Export(string root, string client, long size, bool anew = false, string? secret = null, string? token = Token, params string[] encryptors)
        => Authorize(
            new HttpRequestMessage(HttpMethod.Post, $"{root}/mgmt/v1/psrd/export")
            {
                Content = JsonContent.Create(
                    new CourierExportRequest { ClientName = client, EncryptorNames = encryptors, Size = size, BeginsAnew = anew },
                    ManagementJsonContext.Default.CourierExportRequest),
            },
            secret ?? Secret,
            token);

    public static HttpRequestMessage Import(string root, byte[] file, string? secret = null, string? token = Token) => Authorize(
        new HttpRequestMessage(HttpMethod.Post, $"{root}/mgmt/v1/psrd/import")
        {
            Content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        },
        secret ?? Secret,
        token);

    public static HttpRequestMessage List(string root, string? token = Token) => Authorize(new HttpRequestMessage(HttpMethod.Get, $"{root}/mgmt/v1/psrd/exports"), null, token);

    public static HttpRequestMessage Abandon(string root, string file, string? token = Token)
        => Authorize(new HttpRequestMessage(HttpMethod.Delete, $"{root}/mgmt/v1/psrd/exports/{file}"), null, token);

    private static HttpRequestMessage Authorize(HttpRequestMessage request, string? secret, string? token)
    {
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation(CourierSecretHeader.Name, secret);
        }

        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return request;
    }
}
