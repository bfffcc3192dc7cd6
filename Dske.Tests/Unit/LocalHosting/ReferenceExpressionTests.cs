namespace Dske.Tests.Unit.LocalHosting;

[Trait("Tier", "Unit")]
public sealed class ReferenceExpressionTests
{
    private static readonly ProjectResource Hank = new("hank");

    [Fact]
    public void Holes_that_are_references_stay_open_and_strings_are_filled_in()
    {
        var expression = ReferenceExpression.Create($"{new EndpointReference(Hank, "http")}/hub/{Hank.Name}");

        Assert.Equal("{0}/hub/hank", expression.Format);
        Assert.Single(expression.ValueProviders);
        Assert.Equal("{hank.bindings.http.url}/hub/hank", expression.ValueExpression);
    }

    [Fact(Timeout = SampleApplication.TestTimeout)]
    public async Task Values_are_asked_for_when_the_expression_is()
    {
        var value = new LaterValue();
        var expression = ReferenceExpression.Create($"a{value}b{value}c");
        value.Value = "{0}";

        Assert.Equal("a{0}b{0}c", await expression.GetValueAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{0}")]
    [InlineData("{{}}")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Braces_in_text_mean_nothing(string? text)
    {
        var expression = ReferenceExpression.Create($"<{text}> {{}}");

        Assert.Equal($"<{text}> {{}}", await expression.GetValueAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void An_endpoint_without_a_port_has_no_value_yet()
    {
        var endpoint = new EndpointReference(Hank, "http");

        Assert.False(endpoint.Exists);
        Assert.Throws<InvalidOperationException>(() => endpoint.Url);
    }

    private sealed class LaterValue : IValueProvider, IManifestExpressionProvider
    {
        public string? Value { get; set; }

        public string ValueExpression => "{later}";

        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Value);
    }
}
