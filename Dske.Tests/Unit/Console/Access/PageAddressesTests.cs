using Dske.Console.Access;

namespace Dske.Tests.Unit.Console.Access;

[Trait("Tier", "Unit")]
public sealed class PageAddressesTests
{
    [Theory]
    [InlineData(null, null, "http://localhost:8120")]
    [InlineData("", 8121, "http://localhost:8120;http://localhost:8121")]
    [InlineData("http://localhost:9000", 9001, "http://localhost:9000;http://localhost:9001")]
    [InlineData("https://0.0.0.0:9000;http://localhost:9002", 9001, "https://0.0.0.0:9000;http://localhost:9002;http://0.0.0.0:9001")]
    public void Telemetry_comes_to_the_host_of_the_pages(string? urls, int? grpcPort, string expected) =>
        Assert.Equal(expected, PageAddresses.Combine(urls, grpcPort));

    [Theory]
    [InlineData("http://localhost:1", null)]
    [InlineData("http://LOCALHOST:1;http://127.0.0.1:2;http://[::1]:3;http://127.8.8.8:4", null)]
    [InlineData("http://unix:/tmp/console.sock", null)]
    [InlineData("http://localhost:1;http://0.0.0.0:2", "http://0.0.0.0:2")]
    [InlineData("http://*:1", "http://*:1")]
    [InlineData("http://+:1", "http://+:1")]
    [InlineData("http://[::]:1", "http://[::]:1")]
    [InlineData("https://192.168.1.7:1", "https://192.168.1.7:1")]
    [InlineData("http://console.example:1", "http://console.example:1")]
    public void What_other_machines_reach_is_told_from_what_they_do_not(string urls, string? expected) =>
        Assert.Equal(expected, PageAddresses.FirstBeyondThisMachine(urls));
}
