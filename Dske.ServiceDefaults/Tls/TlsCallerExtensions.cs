using Microsoft.AspNetCore.Http;

namespace Dske.ServiceDefaults.Tls;

/// <summary>Finds who calls.</summary>
public static class TlsCallerExtensions
{
    /// <summary>The caller, on a connection over TLS as <see cref="TlsOptions"/> has it; null on any other.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public static TlsCaller? GetTlsCaller(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<TlsCaller>();
    }
}
