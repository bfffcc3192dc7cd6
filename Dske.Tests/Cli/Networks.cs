namespace Dske.Tests.Cli;

/// <summary>Topologies for tests.</summary>
internal static class Networks
{
    public const string Small =
        """
        hubs: [{name: hank}, {name: helen}]
        threshold: 2
        base_port: 24300
        clients:
          - {name: carol, encryptors: [{name: sam}]}
          - {name: conny, encryptors: [{name: sofia, sae_id: "Büro 1"}]}
        """;
}
