namespace Dske.Certificates;

/// <summary>The URIs by which certificates of Dske say whose they are: URNs (RFC 8141) in the subject alternative name.</summary>
public static class CertificateNames
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "urn:dske:";

    /// <summary>What the URI of an SAE's certificate begins with; the SAE ID follows, percent-encoded UTF-8.</summary>
    public const string SaePrefix = Prefix + "sae:";

    /// <summary>What the URI of a node's certificate begins with; the node's name follows.</summary>
    public const string NodePrefix = Prefix + "node:";

    /// <summary>What the URI of an operator's certificate begins with; the operator's name follows.</summary>
    public const string OperatorPrefix = Prefix + "operator:";

    /// <summary>The URI of an SAE.</summary>
    /// <param name="saeId">The SAE ID.</param>
    /// <exception cref="ArgumentException"><paramref name="saeId"/> is null or empty.</exception>
    public static string OfSae(string saeId) => Of(SaePrefix, saeId);

    /// <summary>The URI of a node.</summary>
    /// <param name="name">The node's name.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public static string OfNode(string name) => Of(NodePrefix, name);

    /// <summary>The URI of an operator.</summary>
    /// <param name="name">The operator's name.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public static string OfOperator(string name) => Of(OperatorPrefix, name);

    private static string Of(string prefix, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return prefix + Uri.EscapeDataString(name);
    }
}
