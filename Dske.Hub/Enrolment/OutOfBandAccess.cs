using System.Diagnostics.CodeAnalysis;
using Dske.Hub.Hosting;
using Dske.Protocol.Enrolment;
using Dske.Protocol.Errors;
using Dske.Protocol.Identifiers;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Dske.Hub.Enrolment;

/// <summary>Tells who may use the out-of-band routes. Holds the hub's enrolment key.</summary>
internal sealed class OutOfBandAccess : IDisposable
{
    private const string Scheme = "Bearer ";

    private readonly NodeName _hub;
    private readonly EnrolmentKey? _key;

    /// <param name="options">The hub's settings, checked before.</param>
    /// <exception cref="InvalidOperationException">The key file changed since the settings were checked, and cannot be used any more.</exception>
    public OutOfBandAccess(IOptions<HubOptions> options)
    {
        _hub = NodeName.Parse(options.Value.Name);
        options.Value.OutOfBand.TryGetMode(out var mode);
        Mode = mode;
        if (mode == OutOfBandMode.Token)
        {
            _key = EnrolmentKeyFile.TryRead(options.Value.OutOfBand.KeyFile ?? string.Empty, out var key, out var problem)
                ? key
                : throw new InvalidOperationException(problem);
        }
    }

    /// <summary>Whom the hub serves.</summary>
    public OutOfBandMode Mode { get; }

    /// <summary>Checks a request by its <c>Authorization</c> header.</summary>
    /// <param name="authorization">The header as it came.</param>
    /// <param name="grant">What the caller's token allows; null where none is asked for.</param>
    /// <param name="error">Why the caller is not let through, when the result is false.</param>
    public bool TryAdmit(StringValues authorization, out EnrolmentGrant? grant, [NotNullWhen(false)] out DskeError? error)
    {
        grant = null;
        error = Mode switch
        {
            OutOfBandMode.Open => null,
            OutOfBandMode.Off => DskeError.OutOfBandOff,
            _ when authorization.Count == 0 => DskeError.EnrolmentTokenMissing,
            _ => TryVerify(authorization, out grant) ? null : DskeError.EnrolmentTokenInvalid,
        };
        return error is null;
    }

    /// <inheritdoc />
    public void Dispose() => _key?.Dispose();

    private bool TryVerify(StringValues authorization, [NotNullWhen(true)] out EnrolmentGrant? grant)
    {
        grant = null;
        return authorization is [{ } header]
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && _key!.TryVerify(header.AsSpan(Scheme.Length), _hub, out grant);
    }
}
