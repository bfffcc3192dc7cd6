using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Dske.Tests.Fuzzing;

/// <summary>A request as bytes on a connection of its own, so that no HTTP client mends or refuses what is odd about it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">The path and query.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Headers">Headers besides those that frame the message.</param>
internal sealed record RawRequest(string Method, string Target, string? Body, params (string Name, string Value)[] Headers)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "X"];

    private static readonly (string Name, string Value)[] MoreHeaders =
    [
        ("Content-Type", "text/plain"), ("Content-Type", "application/json; charset=utf-16"), ("Accept", "*/*"), ("Accept-Encoding", "gzip"), ("Content-Encoding", "gzip"),
        ("Expect", "100-continue"), ("X-Forwarded-For", "192.0.2.1"), ("Origin", "http://evil.example"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("Authorization", "Bearer dske1.x.y"), ("Range", "bytes=0-1"), ("If-Match", "*"), ("Cookie", "a=b"), ("DSKE-Start-Over", "1"),
    ];

    /// <summary>The same request with some of its parts changed; the framing stays good, so that it gets as far as it can.</summary>
    public byte[] Change(FuzzRound round, IReadOnlyList<RawRequest> corpus)
    {
        var parts = 1 + round.Random.Next(15);
        var method = (parts & 8) != 0 && round.OneIn(4) ? round.Pick(Methods) : Method;
        var target = (parts & 1) != 0 ? OnOneLine(round.Mutate("target", Encoding.UTF8.GetBytes(Target), [.. corpus.Select(other => Encoding.UTF8.GetBytes(other.Target))]), isTarget: true) : Encoding.UTF8.GetBytes(Target);
        var body = Body is null ? null : Encoding.UTF8.GetBytes(Body);
        if ((parts & 2) != 0 && (body is not null || round.OneIn(4)))
        {
            body = round.Mutate("body", body ?? [], [.. corpus.Where(other => other.Body is not null).Select(other => Encoding.UTF8.GetBytes(other.Body!))]);
        }

        var bytes = new List<byte>([.. Encoding.ASCII.GetBytes($"{method} "), .. target, .. " HTTP/1.1\r\n"u8]);
        foreach (var (name, value) in (parts & 8) != 0 ? Headers.Append(round.Pick(MoreHeaders)) : Headers)
        {
            if (!round.OneIn(10))
            {
                var changed = (parts & 4) != 0 && round.OneIn(2) ? round.Mutate(name, Encoding.UTF8.GetBytes(value), []) : Encoding.UTF8.GetBytes(value);
                bytes.AddRange([.. Encoding.ASCII.GetBytes($"{name}: "), .. OnOneLine(changed, isTarget: false), .. "\r\n"u8]);
            }
        }

        return [.. bytes, .. Frame(body)];
    }

    /// <summary>The request as it is.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(
        $"{Method} {Target} HTTP/1.1\r\n{string.Concat(Headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}{Encoding.UTF8.GetString(Frame(Body is null ? null : Encoding.UTF8.GetBytes(Body)))}");

    /// <summary>Sends a request and reads the status of the answer.</summary>
    /// <param name="url">The node.</param>
    /// <param name="request">The bytes.</param>
    /// <param name="ends">Whether nothing more comes: needed where the bytes do not say how long the request is.</param>
    /// <returns>The status; null when the connection ended without an answer.</returns>
    public static async Task<int?> SendAsync(Uri url, byte[] request, bool ends)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var answer = new MemoryStream();
        try
        {
            await socket.ConnectAsync(url.Host, url.Port, cancellation);
            await socket.SendAsync(request, cancellation);
            if (ends)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            var buffer = new byte[16 * 1024];
            while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var read)
            {
                answer.Write(buffer, 0, read);
            }
        }
        catch (SocketException)
        {
            // A node that refuses a request need not read the rest of it; what it answered may be lost then.
        }

        return ReadStatus(Encoding.Latin1.GetString(answer.ToArray()));
    }

    private static int? ReadStatus(string answer)
    {
        const string Interim = "HTTP/1.1 100 Continue\r\n\r\n";
        var text = answer.StartsWith(Interim, StringComparison.Ordinal) ? answer[Interim.Length..] : answer;
        return text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && text.Length >= 12 ? int.Parse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture) : null;
    }

    private static byte[] Frame(byte[]? body) =>
        [.. Encoding.ASCII.GetBytes($"Host: localhost\r\nConnection: close\r\n{(body is null ? "" : $"Content-Length: {body.Length}\r\n")}\r\n"), .. body ?? []];

    /// <summary>Neither line breaks nor, in a path, blanks: they would frame the message in another way.</summary>
    private static byte[] OnOneLine(byte[] bytes, bool isTarget) => [.. bytes.Where(value => value is not ((byte)'\r' or (byte)'\n' or 0) && !(isTarget && value == ' ')).Take(6000)];
}
