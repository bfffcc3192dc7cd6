using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Dske.Tests.Services.Console;
using Google.Protobuf;
using static Microsoft.Playwright.Assertions;
using Span = Dske.Console.Otlp.Wire.Span;

namespace Dske.Tests.Browser;

/// <summary>The console as a whole process under the telemetry of a busy network.</summary>
[Trait("Tier", "Browser")]
[Collection(LargeNetworkFixture.Collection)]
public sealed class TelemetryLoadTests(LargeNetworkFixture network, ITestOutputHelper output)
{
    private const int SpansPerSecond = 5_000;

    private const int MessagesPerSecond = 20;

    // More than the console keeps, so that it has to drop some.
    private const int Spans = 150_000;

    private const int SpansPerTrace = 25;

    private const long MostMemory = 400L * 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Five_thousand_spans_a_second_are_taken_the_pages_answer_and_memory_stays_bounded()
    {
        await using var console = await network.OpenAsync("/traces?all=true");
        var began = Stopwatch.GetTimestamp();
        var load = SendAsync();
        long most = 0;
        var acts = 0;

        // Somebody works with the pages meanwhile. Each step waits for what it has to show.
        while (!load.IsCompleted)
        {
            await console.GoAsync("/traces?all=true");
            await Expect(console.Page.Locator("tr[data-trace]").First).ToBeVisibleAsync();

            // Rows move all the time: no mouse would hit one.
            await console.GoAsync("/traces/" + await console.Page.Locator("tr[data-trace]").First.GetAttributeAsync("data-trace"));
            await Expect(console.Page.Locator(".waterfall [data-span]").First).ToBeVisibleAsync();
            await console.GoAsync("/");
            await Expect(console.Page.Locator(".links td.link.lit").First).ToBeVisibleAsync();
            most = Math.Max(most, network.CountMemory());
            acts += 3;
        }

        var slowest = await load;
        var elapsed = Stopwatch.GetElapsedTime(began);
        await console.GoAsync("/traces?all=true");

        // What had to go is said, and nothing was refused.
        await Expect(console.Page.Locator(".count")).ToContainTextAsync("older spans had to go");
        await Expect(console.Page.Locator(".count")).Not.ToContainTextAsync("could not be taken");
        await console.KeepAsync("traces-under-load");
        most = Math.Max(most, network.CountMemory());
        output.WriteLine($"{Spans} spans in {elapsed.TotalSeconds:0.0} s, {most / 1024 / 1024} MiB at most, {acts} steps in the browser, the slowest answer to a message took {slowest.TotalMilliseconds:0} ms");
        Assert.True(acts > 0);
        Assert.True(most < MostMemory, $"{most} bytes");
    }

    /// <summary>Sends spans at their rate, as exporters do: a message after another from each node, which waits for the answer.</summary>
    /// <returns>How long the slowest answer took.</returns>
    private async Task<TimeSpan> SendAsync()
    {
        const int SpansPerMessage = SpansPerSecond / MessagesPerSecond;
        using var client = new HttpClient { BaseAddress = network.Pages };
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / MessagesPerSecond));
        var slowest = TimeSpan.Zero;
        for (var sent = 0; sent < Spans; sent += SpansPerMessage)
        {
            using var body = new ByteArrayContent(Message(sent, SpansPerMessage));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            var began = Stopwatch.GetTimestamp();
            using var answer = await client.PostAsync(new Uri("/v1/traces", UriKind.Relative), body, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(began).Ticks));
            await pace.WaitForNextTickAsync(Cancellation);
        }

        return slowest;
    }

    private static byte[] Message(int first, int count) => OtlpMessages.Spans($"client-{(first / count % 100) + 1:000}", Enumerable.Range(first, count).Select(number =>
    {
        Span span = OtlpMessages.Span((ulong)(number / SpansPerTrace) + 1, (ulong)number + 1, "dske.share.relay");
        span.StartTimeUnixNano += (ulong)number * 1_000_000;
        span.EndTimeUnixNano = span.StartTimeUnixNano + 5_000_000;
        span.Attributes.Add(OtlpMessages.Attribute("dske.hub", $"hub-{(number % 16) + 1:00}"));
        span.Attributes.Add(OtlpMessages.Attribute("dske.key.id", $"{number:x8}-6d14-4b2f-9a51-0c9b0de1f7aa"));
        span.Attributes.Add(OtlpMessages.Attribute("dske.share.index", $"{number % 5}"));
        span.Attributes.Add(OtlpMessages.Attribute("dske.outcome", "ok"));
        return span;
    })).ToByteArray();
}
