using SampleApp;

namespace Dske.Tests.Unit.LocalHosting;

[Trait("Tier", "Unit")]
public sealed class ResourceTests
{
    [Theory]
    [InlineData("")]
    [InlineData("1hub")]
    [InlineData("hub-")]
    [InlineData("a--b")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("ä")]
    public void Names_that_Aspire_refuses_are_refused(string name) => Assert.Throws<ArgumentException>(() => new ProjectResource(name));

    [Fact]
    public void Names_are_up_to_64_characters_long()
    {
        Assert.Equal(64, new ProjectResource(new string('a', 64)).Name.Length);
        Assert.Throws<ArgumentException>(() => new ProjectResource(new string('a', 65)));
    }

    [Fact]
    public void A_name_is_taken_once_whatever_its_case()
    {
        var builder = DistributedApplication.CreateBuilder([]);
        builder.AddProject<SampleProject>("hank", launchProfileName: null);

        Assert.Throws<DistributedApplicationException>(() => builder.AddProject<SampleProject>("HANK", launchProfileName: null));
    }

    [Fact]
    public void Launch_profiles_endpoints_twice_and_checks_of_missing_endpoints_are_refused()
    {
        var builder = DistributedApplication.CreateBuilder([]);
        Assert.Throws<NotSupportedException>(() => builder.AddProject<SampleProject>("hank", launchProfileName: "http"));

        var hub = builder.AddProject<SampleProject>("hank", launchProfileName: null);
        Assert.Throws<DistributedApplicationException>(() => hub.WithHttpHealthCheck("/health"));
        Assert.Throws<DistributedApplicationException>(() => hub.WithHttpCommand("/", "Do"));

        hub.WithHttpEndpoint();
        Assert.Throws<DistributedApplicationException>(() => hub.WithHttpEndpoint());
        hub.WithHttpsEndpoint();
        Assert.Throws<DistributedApplicationException>(() => hub.WithHttpsEndpoint());
    }

    [Fact]
    public void A_builder_of_a_project_is_a_builder_of_what_a_project_is()
    {
        var builder = DistributedApplication.CreateBuilder([]);
        var hub = builder.AddProject<SampleProject>("hank", launchProfileName: null);

        IResourceBuilder<IResource> resource = hub;
        IResourceBuilder<IResourceWithServiceDiscovery> discovered = hub;

        Assert.Same(resource.Resource, discovered.Resource);
    }
}
