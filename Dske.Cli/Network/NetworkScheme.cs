namespace Dske.Cli.Network;

/// <summary>Whether the nodes of a network that runs here speak TLS.</summary>
/// <param name="HasTls">Whether they do. Nodes that nobody here runs are taken not to.</param>
/// <param name="CertificateDirectory">Where their certificates are.</param>
internal sealed record NetworkScheme(bool HasTls, string CertificateDirectory)
{
    /// <summary>Asks the network, where one runs.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="stop">Ends the call.</param>
    public static async Task<NetworkScheme> FindAsync(NetworkFiles files, CancellationToken stop)
    {
        var hasTls = false;
        if (File.Exists(files.ControlFile) && NetworkControl.TryOpen(files, out _) is { } control)
        {
            using (control)
            {
                try
                {
                    var nodes = await control.ListAsync(stop);
                    hasTls = nodes.Any(node => node.Url?.StartsWith(Uri.UriSchemeHttps + ":", StringComparison.Ordinal) == true);
                }
                catch (CommandFailure)
                {
                    // A file that an AppHost left behind when it was killed.
                }
            }
        }

        return new NetworkScheme(hasTls, files.CertificateDirectory);
    }
}
