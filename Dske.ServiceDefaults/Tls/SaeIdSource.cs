namespace Dske.ServiceDefaults.Tls;

/// <summary>Where in a certificate an SAE ID may stand.</summary>
internal enum SaeIdSource
{
    /// <summary>A URI of the subject alternative name, <c>urn:dske:sae:</c> and the SAE ID, percent-encoded.</summary>
    Uri,

    /// <summary>The one DNS name of the subject alternative name.</summary>
    Dns,

    /// <summary>The one common name of the subject.</summary>
    CommonName,
}
