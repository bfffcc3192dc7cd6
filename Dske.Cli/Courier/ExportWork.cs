using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Dske.Protocol.Courier;
using Dske.Protocol.Management;
using Dske.Protocol.Secrets;

namespace Dske.Cli.Courier;

/// <summary>Has a hub make files, and writes them into one. What breaks off leaves nothing, here or at the hub.</summary>
/// <param name="http">What asks.</param>
/// <param name="hub">The hub.</param>
/// <param name="secret">The header with the secret.</param>
/// <param name="report">Is told how far it is.</param>
internal sealed class ExportWork(HttpClient http, Node hub, string secret, Action<string> report)
{
    /// <summary>How long it may take to give up, at the hub, what came to nothing.</summary>
    private static readonly TimeSpan CleanUp = TimeSpan.FromSeconds(5);

    private readonly List<Guid> _made = [];

    /// <summary>Does it.</summary>
    /// <param name="requests">What to make: one, or more for a bundle.</param>
    /// <param name="path">The file to write, which does not exist.</param>
    /// <param name="stop">Calls it off.</param>
    /// <exception cref="CommandFailure">It did not work.</exception>
    public async Task<ExportedFile[]> RunAsync(IReadOnlyList<CourierExportRequest> requests, string path, CancellationToken stop)
    {
        // A name that nobody else has: neither another export nor a file of the operator's.
        var draft = $"{path}.{SystemEntropySource.Instance.NextUuid():N}.new";
        try
        {
            await using (var file = CreateDraft(draft))
            {
                if (requests.Count > 1)
                {
                    await file.WriteAsync(CourierBundle.FormatHead(requests.Count), stop);
                }

                foreach (var request in requests)
                {
                    await ExportAsync(request, file, isBundle: requests.Count > 1, stop);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
            return [.. requests.Select((request, index) => new ExportedFile(_made[index], hub.Name, request.ClientName, request.Size, path))];
        }
        catch
        {
            // The hub first: whatever the disk says, it must not wait for what nobody has.
            await AbandonAsync();
            File.Delete(draft);
            throw;
        }
    }

    private static FileStream CreateDraft(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private async Task ExportAsync(CourierExportRequest order, FileStream file, bool isBundle, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, hub.At("export"));
        request.Headers.Add(CourierSecretHeader.Name, secret);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(order, ManagementJsonContext.Default.CourierExportRequest));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await http.SendToAsync(hub, request, stop);
        if (!answer.Headers.TryGetValues("DSKE-Courier-File", out var values)
            || !Guid.TryParse(values.First(), out var id)
            || answer.Content.Headers.ContentLength is not { } length)
        {
            throw new CommandFailure(ExitCode.Failed, $"What answers at {hub.Url} is no hub that makes files.");
        }

        _made.Add(id);
        if (isBundle)
        {
            await file.WriteAsync(CourierBundle.FormatLength(length), stop);
        }

        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            await CopyAsync(body, file, length, order.ClientName, stop);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            throw BrokenOff();
        }
    }

    private async Task CopyAsync(Stream body, FileStream file, long length, string client, CancellationToken stop)
    {
        var buffer = new byte[128 * 1024];
        long done = 0;
        var told = 0L;
        while (await body.ReadAsync(buffer, stop) is > 0 and var read)
        {
            await file.WriteAsync(buffer.AsMemory(0, read), stop);
            done += read;
            if (done * 10 / length > told)
            {
                told = done * 10 / length;
                report(string.Create(CultureInfo.InvariantCulture, $"{client}: {told * 10} %"));
            }
        }

        if (done != length)
        {
            throw BrokenOff();
        }
    }

    private CommandFailure BrokenOff() => new(ExitCode.Failed, $"The answer of {hub.Name} broke off. Nothing was written, and the hub waits for nothing.");

    /// <summary>Nobody has the files: the hub is not to wait for them.</summary>
    private async Task AbandonAsync()
    {
        using var soon = new CancellationTokenSource(CleanUp);
        foreach (var file in _made)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Delete, hub.At($"exports/{file:D}"));
                using var answer = await http.SendAsync(request, soon.Token);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The list of files that wait tells, and there is a command for it.
            }
        }
    }
}
