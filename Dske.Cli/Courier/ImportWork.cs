using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Dske.Protocol.Courier;
using Dske.Protocol.Errors;
using Dske.Protocol.Management;

namespace Dske.Cli.Courier;

/// <summary>Hands a sealed file to a client.</summary>
/// <param name="http">What asks.</param>
/// <param name="secret">The header with the secret.</param>
internal sealed class ImportWork(HttpClient http, string secret)
{
    /// <summary>Does it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="file">The file, or the bundle that it is in.</param>
    /// <param name="entry">Where it is there.</param>
    /// <param name="report">Is told how far it is.</param>
    /// <param name="stop">Calls it off.</param>
    /// <returns>What became of it. That the client has read it before is as good: the answer got lost then.</returns>
    /// <exception cref="CommandFailure">The client refuses, or does not answer.</exception>
    public async Task<ImportedFile> RunAsync(Node client, FileStream file, CourierEntry entry, Action<string> report, CancellationToken stop)
    {
        try
        {
            var done = await SendAsync(client, file, entry, report, stop);
            return new ImportedFile(
                done.File, done.HubName, done.ClientName, Enrols: done.Enrols, ClientOwnedBytes: done.ClientOwnedBytes, HubOwnedBytes: done.HubOwnedBytes);
        }
        catch (NodeRefusal refusal) when (refusal.Type == DskeErrors.GetProblemType(DskeError.CourierFileImported))
        {
            return new ImportedFile(entry.Header.File, entry.Header.Hub.Value, entry.Header.Client.Value, WasImported: true);
        }
    }

    private async Task<CourierImportReport> SendAsync(Node client, FileStream file, CourierEntry entry, Action<string> report, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, client.At("import"));
        request.Headers.Add(CourierSecretHeader.Name, secret);

        // A refusal comes before gigabytes were sent.
        request.Headers.ExpectContinue = true;
        request.Content = new EntryContent(file, entry, report);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await http.SendToAsync(client, request, stop);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            return await JsonSerializer.DeserializeAsync(body, ManagementJsonContext.Default.CourierImportReport, stop) ?? throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
        {
            throw new CommandFailure(ExitCode.Failed, $"The answer of {client.Name} cannot be read. Import the file again: it says whether it was imported already.");
        }
    }

    /// <summary>A part of a file.</summary>
    private sealed class EntryContent(FileStream file, CourierEntry entry, Action<string> report) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            var buffer = new byte[128 * 1024];
            var (done, told) = (0L, 0L);
            file.Position = entry.Position;
            while (done < entry.Length)
            {
                var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, entry.Length - done)), cancellationToken);
                if (read == 0)
                {
                    throw new IOException("The file has become shorter meanwhile.");
                }

                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                done += read;
                if (done * 10 / entry.Length > told)
                {
                    told = done * 10 / entry.Length;
                    report(string.Create(CultureInfo.InvariantCulture, $"{entry.Header.Client}: {told * 10} %"));
                }
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = entry.Length;
            return true;
        }
    }
}
