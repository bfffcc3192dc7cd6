using Dske.Cli.Network;
using Dske.Protocol.KeyDelivery;

namespace Dske.Cli.Keys;

/// <summary>An SAE that asks its KME for keys.</summary>
internal sealed class KeyCaller : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Makes a caller.</summary>
    /// <param name="kme">Whom it asks, and as whom.</param>
    /// <param name="certificates">How it connects over TLS; null for plain connections.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CommandFailure">A certificate is no good, or there is one for a KME without TLS.</exception>
    public KeyCaller(Kme kme, CertificatePaths? certificates, TimeProvider time)
    {
        Kme = kme;
        var address = kme.Address(hasTls: certificates is not null);
        _http = NodeConnection.Create(certificates);
        if (certificates is not null && address.Scheme != Uri.UriSchemeHttps)
        {
            _http.Dispose();
            throw new CommandFailure(ExitCode.BadInput, $"{kme.Name} has an http URL in the topology: keys would travel in the clear there, with certificates or without.");
        }

        _http.BaseAddress = address;
        Client = new KeyDeliveryClient(_http, new KeyDeliveryClientOptions { Caller = kme.Sae, BasePath = kme.Path }, time);
    }

    /// <summary>Whom it asks.</summary>
    public Kme Kme { get; }

    /// <summary>Asks.</summary>
    public KeyDeliveryClient Client { get; }

    /// <summary>What was given.</summary>
    /// <typeparam name="T">What was asked for.</typeparam>
    /// <param name="result">What became of the call.</param>
    /// <exception cref="CommandFailure">Nothing was.</exception>
    public T Take<T>(KeyDeliveryResult<T> result)
        where T : class => result.OrFail(Kme, _http.BaseAddress!);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
