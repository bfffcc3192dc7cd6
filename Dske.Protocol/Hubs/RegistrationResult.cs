using Dske.Protocol.Errors;
using Dske.Protocol.Messages;

namespace Dske.Protocol.Hubs;

/// <summary>What became of a registration.</summary>
/// <param name="Error">Why it was refused; null when it was not.</param>
/// <param name="ReplacedPools">Whether the hub has nothing of what it may have had for the client: both ends begin anew.</param>
/// <param name="NetworkMismatch">Whether the client's network has other hubs, another order or another threshold: an alarm.</param>
/// <param name="Statement">Where the hub is with the link's blocks; null when refused, and for clients of another implementation.</param>
public sealed record RegistrationResult(DskeError? Error, bool ReplacedPools = false, bool NetworkMismatch = false, LinkStatement? Statement = null);
