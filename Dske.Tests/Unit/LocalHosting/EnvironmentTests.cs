namespace Dske.Tests.Unit.LocalHosting;

[Trait("Tier", "Unit")]
public sealed class EnvironmentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_node_learns_who_it_is_and_where_to_listen()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);

        var environment = await sample.EnvironmentOfAsync("hank", Cancellation);

        Assert.Equal("hank", environment["OTEL_SERVICE_NAME"]);
        Assert.StartsWith("service.instance.id=hank-", environment["OTEL_RESOURCE_ATTRIBUTES"], StringComparison.Ordinal);
        Assert.Equal($"http://localhost:{sample.Application.GetEndpoint("hank").Port}", environment["ASPNETCORE_URLS"]);
        Assert.Equal("Development", environment["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("simple", environment["LOGGING__CONSOLE__FORMATTERNAME"]);
        Assert.DoesNotContain("OTEL_TRACES_SAMPLER", environment);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task A_reference_is_told_for_service_discovery_and_may_go_in_a_circle()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        var first = sample.Add("sam");
        var second = sample.Add("so-fia").WithReference(first);
        first.WithReference(second);
        await sample.StartAsync(Cancellation);

        var environment = await sample.EnvironmentOfAsync("sam", Cancellation);
        var url = sample.Application.GetEndpoint("so-fia").GetLeftPart(UriPartial.Authority);

        Assert.Equal(url, environment["services__so-fia__http__0"]);
        Assert.Equal(url, environment["SO_FIA_HTTP"]);
        Assert.Contains("services__sam__http__0", await sample.EnvironmentOfAsync("so-fia", Cancellation));
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task An_endpoint_with_a_variable_is_told_by_it_alone()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank").WithHttpEndpoint(name: "other", env: "OTHER_PORT");
        await sample.StartAsync(Cancellation);

        var environment = await sample.EnvironmentOfAsync("hank", Cancellation);

        Assert.Equal($"http://localhost:{sample.Application.GetEndpoint("hank").Port}", environment["ASPNETCORE_URLS"]);
        Assert.Equal($"{sample.Application.GetEndpoint("hank", "other").Port}", environment["OTHER_PORT"]);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task An_https_endpoint_has_a_port_of_its_own_and_is_told_like_any_other()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        var secure = sample.Add("hank").WithHttpsEndpoint().WithExplicitStart();
        sample.Add("sam").WithReference(secure);
        await sample.StartAsync(Cancellation);

        var environment = await sample.EnvironmentOfAsync("sam", Cancellation);
        var (plain, encrypted) = (sample.Application.GetEndpoint("hank"), sample.Application.GetEndpoint("hank", "https"));

        Assert.Equal(("http", "https"), (plain.Scheme, encrypted.Scheme));
        Assert.NotEqual(plain.Port, encrypted.Port);
        Assert.Equal(plain.GetLeftPart(UriPartial.Authority), environment["services__hank__http__0"]);
        Assert.Equal(encrypted.GetLeftPart(UriPartial.Authority), environment["services__hank__https__0"]);
        Assert.Equal(encrypted.GetLeftPart(UriPartial.Authority), environment["HANK_HTTPS"]);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Variables_take_text_expressions_endpoints_and_callbacks_and_the_last_word_counts()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        var hub = sample.Add("hank");
        hub.WithEnvironment("TEXT", "one")
            .WithEnvironment("NOTHING", (string?)null)
            .WithEnvironment("EXPRESSION", $"{hub.GetEndpoint("http")}/hub/{hub.Resource.Name}")
            .WithEnvironment("ENDPOINT", hub.GetEndpoint("http"))
            .WithEnvironment(context => context.EnvironmentVariables["TEXT"] = "two");
        await sample.StartAsync(Cancellation);

        var environment = await sample.EnvironmentOfAsync("hank", Cancellation);
        var url = sample.Application.GetEndpoint("hank").GetLeftPart(UriPartial.Authority);

        Assert.Equal("two", environment["TEXT"]);
        Assert.Equal("", environment["NOTHING"]);
        Assert.Equal($"{url}/hub/hank", environment["EXPRESSION"]);
        Assert.Equal(url, environment["ENDPOINT"]);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task The_startup_hook_is_for_the_node_and_not_for_what_the_node_starts()
    {
        await using var sample = await SampleApplication.CreateAsync(Cancellation);
        sample.Add("hank");
        await sample.StartAsync(Cancellation);

        var environment = await sample.EnvironmentOfAsync("hank", Cancellation);

        Assert.DoesNotContain("DOTNET_STARTUP_HOOKS", environment);
        Assert.DoesNotContain("DSKE_OUTER_STARTUP_HOOKS", environment);
    }
}
